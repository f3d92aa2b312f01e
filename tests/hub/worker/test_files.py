"""The whole way of an exchange by files: a worker drops, another one picks up, and the case is told."""

from etoile.hub.delivery.models import Delivery, Poll
from etoile.hub.registry.models import Subscription
from etoile.sdk.connector import discover
from tests.hub.worker.conftest import Stub, publish, work
from tests.hub.worker.test_polling import again, statuses


def test_a_case_leaves_as_a_file_and_comes_back_as_a_status(star, settings, tmp_path):
    settings.HUB_ALLOWED_FOLDERS = [str(tmp_path)]
    for name in ("in", "out", "out/archive", "out/quarantine"):
        (tmp_path / name).mkdir()
    Subscription.objects.filter(slug="works-submitted").update(
        connector="file_drop",
        mapping={
            "mapping": 1,
            "name": "travaux",
            "application": "travaux",
            "version": 1,
            "type": "org.etoile.case.submitted.v1",
            "send": {"Reference": "=event.data.case.reference"},
            "return": {"code": "=answer.Etat", "statuses": {"CLOS": "closed"}},
        },
        configuration={
            "place": {"kind": "folder", "path": str(tmp_path)},
            "drop": {"folder": "in", "acknowledged_later": True, "format": {"kind": "csv", "columns": ["Reference"]}},
            "poll": {
                "folder": "out",
                "archive": "out/archive",
                "quarantine": "out/quarantine",
                "settle": 0,
                "every": 1,
                "reading": {"number": "Fichier"},
            },
        },
    )
    connectors = {"stub": Stub(), "file_drop": discover()["file_drop"]}
    event = publish("case/1", 1)
    work(connectors, until=lambda: Delivery.objects.filter(external_id__startswith="etoile-").exists())
    [dropped] = (tmp_path / "in").iterdir()
    assert dropped.read_text().split() == ["Reference", event.data["case"]["reference"]]

    (tmp_path / "out" / "retour.csv").write_text(f"Fichier;Etat\n{dropped.stem};CLOS\n")
    again()
    work(connectors, until=lambda: bool(statuses()) and any((tmp_path / "out" / "archive").iterdir()))
    [status] = statuses()
    assert (status.subject, status.data["status"], status.data["external_id"]) == ("case/1", "closed", dropped.stem)
    assert Poll.objects.get().last_error in (None, "")
    assert Delivery.objects.get(external_id=dropped.stem).state == "acknowledged"
