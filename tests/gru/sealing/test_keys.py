"""A key is changed while the GRU runs: nothing is lost, nothing given out changes, the old one is needed no more."""

import ast
import uuid
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from etoile.gru.access import factors
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.api.models import Change
from etoile.gru.archive import proofs
from etoile.gru.cases import queries
from etoile.gru.cases.models import Case
from etoile.gru.corrections import opening
from etoile.gru.corrections.models import Revision
from etoile.gru.filling.models import Draft
from etoile.gru.forms import sensitive
from etoile.gru.people import pairwise, scope
from etoile.gru.people.models import Person
from etoile.gru.recognition import sealing
from etoile.gru.requalification.models import Requalification
from etoile.gru.rights.holdings.export import _opened
from etoile.gru.sealing import rotating
from etoile.gru.sealing.boxes import Box, SealError
from etoile.gru.sealing.holders import holders
from etoile.runtime.secrets import make
from tests.gru.running import running

SOURCES = Path(sensitive.__file__).parents[1]
BOX = Box(b"a test")
# Who seals → the table that keeps it; a sentence when nothing is kept.
SEALERS = {
    "access/factors.py": "access_secondfactor",
    "access/unsent.py": "access_late_form, an hour",
    "backoffice/door/platforms.py": "sessions of agents, twelve hours",
    "backoffice/door/views.py": "sessions of agents, twelve hours",
    "cases/amending.py": "cases_case",
    "cases/filing.py": "cases_case",
    "cases/keys.py": "cases_case",
    "corrections/services.py": "corrections_revision",
    "filling/moving.py": "filling_draft",
    "filling/opened.py": "filling_draft",
    "forms/sensitive.py": "the rooms that hold answers",
    "portal/space/platforms.py": "accounts_session",
    "recognition/sealing.py": "accounts_session",
    "requalification/services.py": "requalification_requalification",
}


@pytest.fixture
def kept(town) -> Case:
    """Something sealed in each table."""
    case = Case.objects.get(pk=town.submit().pk)
    factors.give(town.agent, make("base32"))
    draft = Draft(version=case.procedure_version, key_digest="", expires_at=timezone.now())
    draft.answers = {"motif": "Mariage", "allergie": sensitive.seal_one("noix", "allergie", holder=draft.id)}
    draft.aside = [
        {"field": "regime", "version": 1, "value": sensitive.seal_one("sans sel", "regime", holder=draft.id)}
    ]
    draft.save()
    revision = Revision(case=case, account=town.agent)
    revision.before = {"allergie": sensitive.seal_one("lait", "allergie", holder=revision.id)}
    revision.save()
    Requalification.objects.create(
        case=case,
        before=case.procedure_version,
        after=case.procedure_version,
        aside=[{"field": "allergie", "value": sensitive.seal_one("soja", "allergie", holder=case.id)}],
        reason="Une autre démarche.",
        by=town.agent,
        at=timezone.now(),
    )
    with scope.of_task("test"):
        person = Person.objects.create(authority=town.authority)
        account = PersonAccount.objects.create(authority=town.authority, person=person, email="a@exemple.fr")
    session = PersonSession(account=account, digest=b"s" * 32, id_token=sealing.sealed("a token", account))
    session.opened_at = session.seen_at = session.ends_at = timezone.now()
    session.save()
    return case


def tallies() -> dict[str, tuple[int, int, int]]:
    return {each.table: (each.first, each.other, each.lost) for each in rotating.status()}


def test_each_table_is_sealed_again_and_reads_the_same(kept, settings) -> None:
    url, before = kept.tracking_key, Change.objects.get(case_id=kept.pk).position
    read = opening.mark(kept)
    settings.ENCRYPTION_KEYS = [make("key"), *settings.ENCRYPTION_KEYS]
    assert all(other and not (first or lost) for first, other, lost in tallies().values())
    rotating.reseal()
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert all(first and not (other or lost) for first, other, lost in tallies().values())
    case = Case.objects.get(pk=kept.pk)
    assert opening.mark(case) == read, "who is correcting these answers may send"
    assert (case.tracking_key, queries.clear_answers(case)["allergie"]) == (url, "arachide")
    assert (case.version, case.updated_at) == (kept.version, kept.updated_at)
    assert Change.objects.get(case_id=kept.pk).position == before, "to be sealed again is no change of the request"
    session = PersonSession.objects.get()
    assert sealing.opened(session.id_token, session.account) == "a token"
    draft, revision = Draft.objects.get(answers__motif="Mariage", aside__0__field="regime"), Revision.objects.get()
    aside = Requalification.objects.get().aside
    assert sensitive.open_sealed(draft.answers, holder=draft.id) == {"motif": "Mariage", "allergie": "noix"}
    assert sensitive.open_one(draft.aside[0]["value"], "regime", holder=draft.id) == "sans sel"
    told = _opened(draft.aside, draft.id)
    assert told == [{"field": "regime", "version": 1, "value": "sans sel"}], "the person is given theirs in clear"
    assert sensitive.open_sealed(revision.before, holder=revision.id) == {"allergie": "lait"}
    assert sensitive.open_one(aside[0]["value"], "allergie", holder=case.pk) == "soja"


def test_what_was_given_out_stays_the_same(town, kept, settings) -> None:
    person = uuid.UUID(int=7)
    before = pairwise.identifier(person, town.authority.pk, "etat-civil"), proofs._key().private_bytes_raw()
    codes = factors._new_codes(town.agent)
    settings.ENCRYPTION_KEYS = [make("key")]
    assert (pairwise.identifier(person, town.authority.pk, "etat-civil"), proofs._key().private_bytes_raw()) == before
    digest = factors._digest(town.agent, codes[0])
    assert town.agent.recovery_codes.filter(digest=digest).exists()


def test_killed_between_two_slices_it_is_begun_again(kept, town, settings, monkeypatch) -> None:
    others = [town.submit() for _ in range(3)]
    monkeypatch.setattr(rotating, "SLICE", 2)
    settings.ENCRYPTION_KEYS = [make("key"), *settings.ENCRYPTION_KEYS]

    def kill(tally: rotating.Tally) -> None:
        if tally.table == "cases_case":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.reseal(kill)
    assert tallies()["cases_case"] == (2, 2, 0)
    assert all(Case.objects.get(pk=each.pk).tracking_key for each in others)
    rotating.reseal()
    assert tallies()["cases_case"] == (4, 0, 0)


def test_what_no_key_opens_is_counted_left_as_it_is_and_said(kept, settings) -> None:
    before = bytes(Case.objects.get().tracking_sealed)
    settings.ENCRYPTION_KEYS = [make("key")]
    with pytest.raises(CommandError, match=r"rows open with no key of GRU_ENCRYPTION_KEY.*from a backup"):
        call_command("gru_keys", "rotate", stdout=StringIO(), stderr=StringIO())
    assert bytes(Case.objects.get().tracking_sealed) == before


def test_the_command_says_when_the_old_key_may_go(kept, settings) -> None:
    def said(verb: str) -> str:
        out = StringIO()
        call_command("gru_keys", verb, stdout=out, stderr=StringIO())
        return out.getvalue()

    assert "under the only key" in said("status")
    settings.ENCRYPTION_KEYS = [said("new").strip(), *settings.ENCRYPTION_KEYS]
    assert "run `etoile gru keys rotate`" in said("status")
    assert "may be removed in twelve hours" in said("rotate")
    given = StringIO()
    call_command("gru_given_keys", stdout=given)
    assert "gives 2 keys" in given.getvalue()


@pytest.mark.parametrize(
    ("use", "bound"), [(Box(b"another use"), b"row 1"), (BOX, b"row 2")], ids=["another use", "another row"]
)
def test_a_value_opens_where_it_was_sealed_only(use, bound) -> None:
    sealed = BOX.seal(b"a secret", b"row 1")
    assert BOX.unseal(sealed, b"row 1") == b"a secret"
    for damaged in (sealed, sealed[:-1], b"", sealed[:12]):
        with pytest.raises(SealError):
            use.unseal(damaged, bound)


def test_whoever_seals_says_where_it_is_kept() -> None:
    verbs = {"seal", "seal_one", "sealed", "Box"}
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or "migrations" in path.parts:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of = getattr(getattr(node.func, "value", None), "id", "")
            if name in verbs and (of in ("", "factors", "keys", "sensitive", "sealing", "BOX")):
                found.add(str(path.relative_to(SOURCES)))
    assert found - {"cases/queries.py", "cases/moves.py", "sealing/boxes.py"} == set(SEALERS), "hashed, not sealed"
    tables = {each.table for each in holders()}
    assert {table for table in SEALERS.values() if " " not in table} == tables


@pytest.mark.django_db(transaction=True)
def test_the_role_that_runs_is_enough(town, settings) -> None:
    case = town.submit()
    settings.ENCRYPTION_KEYS = [make("key"), *settings.ENCRYPTION_KEYS]
    with running():
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as somebody:
            somebody.execute("SELECT FROM cases_case FOR UPDATE")
            rotating.reseal()
            assert tallies()["cases_case"] == (0, 1, 0), "being written: nobody waits for anybody"
        rotating.reseal()
        assert tallies()["cases_case"] == (1, 0, 0)
    assert Case.objects.get(pk=case.pk).tracking_key
