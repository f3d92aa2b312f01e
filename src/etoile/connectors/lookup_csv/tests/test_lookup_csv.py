"""A reference table: what it answers, and what becomes of it when its file changes, breaks or disappears."""

import os
from pathlib import Path

import pytest

from etoile.connectors.lookup_csv import CONNECTOR
from etoile.connectors.lookup_csv import table as tables
from etoile.connectors.lookup_csv.configuration import Configuration
from etoile.connectors.lookup_csv.connector import LookupCsv
from etoile.connectors.lookup_csv.double import KINDS, rig
from etoile.sdk import LookupResult
from etoile.sdk.testing import assert_conforms, make_context

FIXTURE = Path(__file__).parents[1] / "fixtures" / "communes.csv"
EXACT = {"kind": "exact", "column": "code", "equals": "query.code"}
PREFIX = {"kind": "prefix", "column": "nom", "begins": "query.text", "limit": 3}
LINKED = {"kind": "linked", "column": "departement", "parent": "query.departement"}


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder, self.connector = folder, LookupCsv()
        self.file = folder / "communes.csv"
        self.file.write_bytes(FIXTURE.read_bytes())
        self.moment = 1_764_000_000
        os.utime(self.file, (self.moment, self.moment))

    def context(self, search=EXACT, opened=None, **settings):
        configuration = Configuration.model_validate(
            {"folder": str(self.folder), "file": "communes.csv", "search": search, **settings}
        )
        return make_context(configuration, folders=(str(opened or self.folder),))

    async def ask(self, query, search=EXACT, **settings):
        return await self.connector.lookup(query, self.context(search, **settings))

    def write(self, content: bytes) -> None:
        """As an export does: another file under the same name, at another time."""
        fresh = self.folder / "new"
        fresh.write_bytes(content)
        self.moment += 60
        os.utime(fresh, (self.moment, self.moment))
        fresh.replace(self.file)


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)


def names(outcome) -> list[str]:
    return [item["nom"] for item in outcome.data["items"]]


def test_it_conforms():
    assert_conforms(CONNECTOR)


async def test_a_row_is_found_by_its_exact_key_and_says_of_when_it_is(bench):
    found = await bench.ask({"code": "49328"}, columns=("nom", "codes_postaux"))
    assert found.data == {"nom": "Saumur", "codes_postaux": "49400"}
    assert (found.at.timestamp(), found.stale) == (bench.moment, False)
    assert (await bench.ask({"code": "4932"})).result is LookupResult.NOT_FOUND


async def test_a_prefix_is_found_without_accents_capitals_nor_hyphens_whole_names_first(bench):
    assert names(await bench.ask({"text": "saint e"}, PREFIX)) == ["Saint-Étienne"]
    assert names(await bench.ask({"text": "BEAUPREAU"}, PREFIX)) == ["Beaupréau-en-Mauges"]
    assert names(await bench.ask({"text": "ma"}, PREFIX)) == ["Le Mans", "Beaupréau-en-Mauges"]
    assert (await bench.ask({"text": "  -"}, PREFIX)).result is LookupResult.NOT_FOUND


async def test_a_list_is_cut_and_says_so(bench):
    cut = await bench.ask({"text": "s"}, {**PREFIX, "limit": 2})
    assert (names(cut), cut.data["more"]) == (["Saint-Étienne", "Saint-Nazaire"], True)


async def test_a_second_list_holds_what_is_under_the_choice_of_the_first(bench):
    assert names(await bench.ask({"departement": "44"}, LINKED)) == ["Nantes", "Saint-Nazaire"]
    within = {**PREFIX, "within": {"column": "departement", "equals": "query.departement"}}
    assert names(await bench.ask({"text": "saint", "departement": "44"}, within)) == ["Saint-Nazaire"]


async def test_a_file_that_changes_is_read_again_and_one_that_does_not_is_not(bench, monkeypatch):
    await bench.ask({"code": "49328"})
    bench.write(b"code;nom;departement\n49328;Saumur-Ville;49\n")
    assert (await bench.ask({"code": "49328"})).data["nom"] == "Saumur-Ville"
    monkeypatch.setattr(tables, "_rows", lambda *_: pytest.fail("read again"))
    assert (await bench.ask({"code": "49328"})).data["nom"] == "Saumur-Ville"


BROKEN = {
    b"": "il manque « code »",
    b"code;nom\n": "aucune ligne",
    b"code,nom\n49328,Saumur\n": "il manque « code »",
    b"code;nom\n49328;Saumur;49\n": "ligne 2 : 3 colonnes, 2 attendues",
    b"code;nom\n49328;A\n\n49328;B\n": "lignes 2 et 4 : la même clé deux fois",
    b"code;nom\n49328;Beaupr\xe9au\n": "ligne 2 : ce n’est pas de l’encodage « utf-8 »",
    b'code;nom\n49328;"Saumur\n': "un guillemet n’est pas à sa place",
    b"code;nom;nom\n49328;A;B\n": "deux colonnes ont le même nom",
}


@pytest.mark.parametrize("content", BROKEN)
async def test_a_broken_file_does_not_replace_the_one_that_could_be_read_and_the_check_says_why(bench, content):
    before = await bench.ask({"code": "49328"})
    bench.write(content)
    for _ in range(2):
        still = await bench.ask({"code": "49328"})
        assert (still.data["nom"], still.stale, still.at) == ("Saumur", True, before.at)
    checks = {line.name: line for line in await bench.connector.check(bench.context())}
    assert not checks["reachability"].ok
    assert BROKEN[content] in checks["reachability"].message
    bench.write(FIXTURE.read_bytes())
    assert not (await bench.ask({"code": "49328"})).stale


async def test_without_an_older_version_a_broken_file_answers_nothing_and_is_for_a_human(bench):
    bench.write(b"code;nom\n")
    outcome = await bench.ask({"code": "49328"})
    assert (outcome.result, outcome.misconfigured) == (LookupResult.UNAVAILABLE, True)
    assert "aucune ligne" in outcome.message


async def test_a_file_taken_away_leaves_the_last_one_in_use(bench):
    await bench.ask({"code": "49328"})
    bench.file.unlink()
    assert (await bench.ask({"code": "49328"})).stale
    checks = await bench.connector.check(bench.context())
    assert not checks[-1].ok


async def test_a_file_that_is_being_written_is_read_again_later(bench, monkeypatch):
    await bench.ask({"code": "49328"})
    bench.write(b"code;nom;departement\n49328;Saumur-Ville;49\n")
    true, moving = tables.stamp, iter(range(9))
    monkeypatch.setattr(tables, "stamp", lambda found: (*true(found)[:2], next(moving)))
    assert (await bench.ask({"code": "49328"})).stale
    monkeypatch.setattr(tables, "stamp", true)
    assert (await bench.ask({"code": "49328"})).data["nom"] == "Saumur-Ville"


async def test_a_file_outside_the_opened_folders_is_refused_even_by_a_link(bench, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert (await bench.connector.lookup({"code": "1"}, bench.context(opened=elsewhere))).detail == "refused_address"
    bench.file.replace(elsewhere / "communes.csv")
    bench.file.symlink_to(elsewhere / "communes.csv")
    outcome = await bench.ask({"code": "49328"})
    assert (outcome.result, outcome.detail) == (LookupResult.UNAVAILABLE, "refused_address")


async def test_fifty_thousand_rows_are_taken_and_one_more_is_not(bench):
    rows = [f"{number};Lieu {number};{number % 100}" for number in range(tables.MOST_ROWS)]
    whole = "\n".join(["code;nom;departement", *rows])
    bench.write(whole.encode())
    assert (await bench.ask({"code": "49999"})).data["nom"] == "Lieu 49999"
    assert (await bench.ask({"text": "lieu 4999"}, PREFIX)).data["more"]
    bench.write(f"{whole}\n50000;Un de trop;0".encode())
    assert (await bench.ask({"code": "49999"})).stale


async def test_an_old_encoding_is_read_as_it_is_declared(bench):
    bench.write("code;nom\n49023;Beaupréau\n".encode("cp1252"))
    assert (await bench.ask({"code": "49023"}, encoding="windows-1252")).data["nom"] == "Beaupréau"


async def test_the_check_counts_the_rows_and_reads_the_expressions(bench):
    checks = await bench.connector.check(bench.context())
    assert all(line.ok for line in checks)
    assert "8 lignes" in checks[-1].message
    wrong = await bench.connector.check(bench.context({**EXACT, "equals": "query."}))
    assert not wrong[0].ok


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_each_fault_of_an_export_leaves_the_last_good_table_in_use(kind):
    async with rig() as lent:
        configuration = Configuration.model_validate(lent.configuration)
        context = make_context(configuration, folders=lent.folders)
        fresh, used = LookupCsv(), LookupCsv()
        assert (await used.lookup(lent.query, context)).data["nom"] == "Saumur"
        lent.faults.set(kind)
        old = await used.lookup(lent.query, context)
        assert (old.data["nom"], old.stale) == ("Saumur", True)
        assert (await fresh.lookup(lent.query, context)).result is LookupResult.UNAVAILABLE
        lent.faults.set(None)
        assert not (await used.lookup(lent.query, context)).stale
        assert (await used.lookup(lent.absent, context)).result is LookupResult.NOT_FOUND
