"""A line of the audit log is a sentence: no code, no key of a table, no identifier for machines."""

import re
import uuid
from pathlib import Path

import pytest

from etoile import gru
from etoile.gru.administration import log_words, refusal_words
from etoile.gru.audit.models import Entry
from etoile.gru.notices.tags import NAMES

FOLDER = Path(gru.__file__).parent
KNOWN = {"voirie": "Services techniques", "vide-grenier": "Réserver un emplacement"}
NUMBER = "01a225a6-250e-77e6-896e-4da796b2c05c"
LINES = [
    ("agent.roles", {"before": ["*=archivist"], "after": ["voirie=manager"]},
     "Donné : responsable (Services techniques) · Retiré : archives"),
    ("agent.away", {"last": "2027-01-02", "first": "2026-12-19", "stand_in": "Robin"},
     "Du 19 décembre 2026 au 2 janvier 2027 ; remplacement : Robin"),
    ("space.identified", {"platform": "franceconnect", "acr": "eidas1", "amr": ["pwd"]},
     "Par : franceconnect · Niveau : eidas1 · Preuves données : pwd"),
    ("agent.signed_in", {"second": "key"}, "avec une clé"),
    ("contract.kept",
     {"before": {}, "after": {"way": "hub", "ends_on": None, "procedures": ["vide-grenier"],
      "attributes": {"email": {"read": 100, "write": 200}}}},
     "Comment : par le concentrateur · Démarches : Réserver un emplacement · "
     "Données : Adresse électronique (lu tel que déclaré, écrit vérifié par un code)"),
    ("team.kept", {"before": {"phone": "01"}, "after": {"phone": "02"}}, "Téléphone : 02, au lieu de 01"),
    ("signatory.ended", {"after": "2027-01-01"}, "1er janvier 2027"),
    ("person.merged", {"merge": NUMBER, "merged": NUMBER, "cases": 1}, "Réunie avec : n° 4da796b2c05c · Demandes : 1"),
    ("person.tied", {"kind": "responsible"}, "Lien : Enfant"),
    ("person.searched", {"criteria": ["email", "family_name"], "found": 2},
     "Par : Adresse électronique, Nom de famille · Trouvées : 2"),
    ("person.certified", {"before": {"email": 100}, "after": {"email": 200}},
     "Courriel : Vérifié par un code, au lieu de Déclaré par la personne"),
    ("export.written", {"batch": NUMBER, "list": "onglet=toutes&etat=closed", "cases": 8, "sha256": "ab" * 32},
     "Toutes · État : classée · Demandes : 8"),
    ("words.kept", {"before": {}, "after": {"body.fr": "Bonjour", "subject.fr": "Merci"}}, "FR"),
    ("identity.refused", {"why": "nothing was asked"}, "rien n’avait été demandé"),
    ("agent.key_refused", {"why": "Unexpected client data challenge"}, "réponse qui ne prouve rien"),
    ("agent.unheard", {"sha256": "ab" * 32}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("action", "detail", "words"), LINES, ids=[line[0] for line in LINES])
def test_a_line_says_what_it_holds_in_words(action, detail, words):
    assert " · ".join(log_words.precision(Entry(action=action, detail=detail), KNOWN)) == words


def test_what_a_line_is_about_has_a_name():
    told = [
        Entry(action="export.asked", subject="csv"), Entry(action="words.kept", subject="reminder"),
        Entry(action="team.kept", subject="voirie"), Entry(action="space.created", subject=NUMBER),
        Entry(action="person.read", person_id=uuid.UUID(NUMBER)), Entry(action="case.read", subject="26-K7QM-3"),
    ]  # fmt: skip
    subjects = [log_words.subject(each, KNOWN) for each in told]
    assert subjects[0] == "Liste de demandes (CSV)"
    assert subjects[1] == str(NAMES["reminder"])
    assert subjects[2:] == ["Services techniques", "n° 4da796b2c05c", "Fiche n° 4da796b2c05c", "26-K7QM-3"]


def test_each_reason_that_a_door_writes_down_has_its_words():
    rooms = [FOLDER / "identity", FOLDER / "recognition", FOLDER / "passkeys", FOLDER / "accounts" / "keys.py"]
    files = [path for room in rooms for path in (room.rglob("*.py") if room.is_dir() else [room])]
    code = re.compile(r"(?:Forged|Unmatched|Refused|refuse)\((?:platform, authority, )?\"([^\"]+)\"")
    written = {found for path in files for found in code.findall(path.read_text(encoding="utf-8"))}
    # Of who adds a key: told on the page, and never written down.
    assert written - {"too many keys", "known already"} - set(refusal_words.REASONS) == set()
