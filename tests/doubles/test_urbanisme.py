"""The simulated town planning reads dropped files once, puts them away, and gives back receipts and states."""

from pathlib import Path

import asyncssh
import pytest

from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.urbanisme.application import PASSWORD, build
from etoile.doubles.urbanisme.keys import host_key

STEM = "26-K7QM-3-0123456789ab"
DEMAND = """<?xml version="1.0" encoding="ISO-8859-1"?>
<Demande><Reference>26-K7QM-3</Reference><Demandeur><Nom>Lenoël</Nom></Demandeur>
<Terrain><Adresse>3 chemin des Vignes</Adresse></Terrain><Piece>plan.pdf</Piece></Demande>"""


@pytest.fixture
def simulation(settings: Settings) -> Simulation:
    return build(settings)


@pytest.fixture
def place(settings: Settings, simulation: Simulation) -> Path:
    return settings.data.with_suffix("")


def drop(place: Path, text: str = DEMAND) -> None:
    (place / "depot" / "plan.pdf").write_bytes(b"%PDF-1.7 a plan")
    (place / "depot" / f"{STEM}.xml").write_bytes(text.encode("latin-1"))
    (place / "depot" / f"{STEM}.xml.ok").touch()


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.is_file()}


def test_a_dropped_file_is_read_with_its_document_put_away_and_receipted(place, simulation):
    drop(place)
    simulation.work()
    [item] = simulation.store.find()
    assert item.number.startswith("CU-")
    assert (item.reference, item.payload["Demandeur"]) == ("26-K7QM-3", {"Nom": "Lenoël"})
    assert names(place / "depot") == set()
    assert names(place / "pris") == {f"{STEM}.xml", "plan.pdf"}
    assert f"{STEM}.xml.ack" in names(place / "retour")
    [document] = simulation.store.rows("SELECT name, state FROM document")
    assert tuple(document) == ("plan.pdf", "received")


def test_each_change_is_a_line_of_a_returned_file_told_once(place, simulation):
    drop(place)
    simulation.work()
    simulation.work()
    [file] = (place / "retour").glob("etats-*.csv")
    heading, line = file.read_text(encoding="cp1252").splitlines()
    assert heading == "Fichier;Dossier;Etat;Libelle;Message;Date"
    [item] = simulation.store.find()
    assert line.startswith(f"{STEM};{item.number};ENR;Enregistré;")


def test_a_file_without_its_marker_is_still_being_written(place, simulation):
    drop(place)
    (place / "depot" / f"{STEM}.xml.ok").unlink()
    simulation.work()
    assert simulation.store.find() == []
    assert f"{STEM}.xml" in names(place / "depot")


def test_a_batch_cut_in_the_middle_reads_the_file_again_and_gives_the_same_number(place, simulation):
    drop(place)
    simulation.work()
    [before] = simulation.store.find()
    # As if it had been killed after the document was put away, before the file was.
    (place / "pris" / f"{STEM}.xml").rename(place / "depot" / f"{STEM}.xml")
    (place / "depot" / f"{STEM}.xml.ok").touch()
    simulation.work()
    assert [item.number for item in simulation.store.find()] == [before.number]
    assert len(simulation.store.rows("SELECT 1 FROM document")) == 1
    assert names(place / "depot") == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DEMAND[:90], "n’est pas du XML"),
        (DEMAND.replace("<Nom>Lenoël</Nom>", ""), "Demandeur/Nom"),
        (DEMAND.replace("plan.pdf", "absent.pdf"), "pièce annoncée"),
        (DEMAND.replace("plan.pdf", "../retour"), "pièce annoncée"),
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside_with_the_reason(place, simulation, text, reason):
    drop(place, text)
    simulation.work()
    assert simulation.store.find() == []
    assert reason in (place / "rejets" / f"{STEM}.xml.motif.txt").read_text()
    assert f"{STEM}.xml" not in names(place / "depot")


def test_told_to_be_down_it_does_not_read(place, simulation):
    drop(place)
    simulation.faults.set("down")
    simulation.work()
    assert simulation.store.find() == []


async def test_its_server_keeps_its_key_and_asks_for_the_password_of_the_town(settings, simulation):
    path = settings.data.with_suffix(".key")
    key = host_key(path)
    async with simulation.beside() as server:
        assert server.fingerprint == key.get_fingerprint() == host_key(path).get_fingerprint()
        access = {"known_hosts": ([key.convert_to_public()], [], []), "username": "ville", "config": None}
        password = settings.secret(PASSWORD)
        async with (
            asyncssh.connect("127.0.0.1", server.port, password=password, **access) as connection,
            connection.start_sftp_client() as files,
        ):
            assert "depot" in await files.listdir("/")
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect("127.0.0.1", server.port, password="another", client_keys=None, **access)
