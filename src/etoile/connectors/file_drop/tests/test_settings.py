"""Settings that would lose or mix files are refused when they are written, with words that say why."""

import pytest
from pydantic import ValidationError

from etoile.connectors.file_drop.configuration import Configuration

PLACE = {
    "kind": "sftp",
    "host": "sftp.example",
    "username": "ville",
    "authentication": {"kind": "password"},
    "host_keys": ["SHA256:uNiVztksCsDhcc0u9e8BrrrJIXVPBUhxsnWKIYLhsXw"],
}
DROP = {"folder": "in", "format": {"kind": "csv", "columns": ["A"]}}
READING = {"number": "N"}
POLL = {"folder": "out", "archive": "out/a", "quarantine": "out/q", "reading": READING}


def settings(place=None, drop=None, poll=None):
    return {"place": PLACE | (place or {}), "drop": DROP | (drop or {}), "poll": POLL | (poll or {})}


def test_the_model_is_accepted():
    assert Configuration.model_validate(settings()).place.port == 22


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": {"host_keys": ["ssh-ed25519 n'importe quoi"]}}, "empreinte"),
        ({"place": {"host_keys": ["*"]}}, "empreinte"),
        ({"poll": {"folder": "in"}}, "autres dossiers que le dépôt"),
        ({"poll": {"archive": "in/"}}, "autres dossiers que le dépôt"),
        ({"poll": {"archive": "out"}}, "différents"),
        ({"poll": {"reading": READING | {"kind": "xml"}}}, "élément"),
        ({"poll": {"reading": READING | {"statuses": {"X": "closed"}}}}, "statuses"),
        ({"poll": {"reading": None}}, "relever"),
        ({"drop": {"format": {"kind": "csv", "columns": ["A", "A"]}}}, "même nom"),
        ({"drop": {"format": {"kind": "csv", "columns": ["A"], "encoding": "ascii"}}}, "encoding"),
        ({"drop": {"marker": "ok"}}, "marker"),
    ],
)
def test_a_setting_that_would_go_wrong_is_refused(changes, words):
    with pytest.raises(ValidationError) as refused:
        Configuration.model_validate(settings(**changes))
    assert words in str(refused.value)


def test_waiting_for_an_acknowledgement_needs_somebody_to_read_it():
    with pytest.raises(ValidationError, match="personne ne lirait"):
        Configuration.model_validate({"place": PLACE, "drop": DROP | {"acknowledged_later": True}})
