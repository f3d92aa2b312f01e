"""Nothing is removed without the visa; under it, everything of a case is, at once, and the proof says so."""

import copy

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.gru.archive.conftest import CANARIES, OVER
from tests.gru.cases.test_kills import Killed, dying_after, everything
from tests.gru.running import running

from etoile.gru.api.models import Change
from etoile.gru.archive import holds, proofs, removing, slips
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.archive.reading import open_for
from etoile.gru.cases.models import Case
from etoile.gru.counter.models import Entry, Letter
from etoile.gru.fees.models import Fee
from etoile.gru.notices.models import Notice
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.requalification.models import Requalification


def holding(words) -> set[str]:
    """The tables of the database of which a row, written out, holds one of these words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        asked = " UNION ALL ".join(
            f"(SELECT '{name}' FROM \"{name}\" row WHERE row::text ~* %(words)s LIMIT 1)" for name in names
        )
        cursor.execute(asked, {"words": "|".join(words)})
        return {name for (name,) in cursor.fetchall()}


def beside(case, town):
    """What the other rooms keep of a case: how it was entered, a letter to print, a payment, a procedure it left, a
    digest of its news."""
    now, agent, version = timezone.now(), town.agent, case.procedure_version
    Entry.objects.create(draft=case.pk, authority=case.authority, account=agent, procedure=version.procedure,
                         channel="mail", received_on=now.date())  # fmt: skip
    Letter.objects.create(case=case, notice=Notice.objects.filter(case_id=case.pk)[0], created_at=now)
    told = Notice.objects.create(authority=case.authority, template="digest", state="sent", created_at=now,
                                 recipient_email=f"{CANARIES[0]}@exemple.fr",
                                 context={"items": [{"case": str(case.pk)}]})  # fmt: skip
    Notice.objects.filter(case_id=case.pk).update(digest=told)
    Fee.objects.create(case=case, amount=1, state="cancelled", reason=CANARIES[0], asked_at=now)
    Requalification.objects.create(case=case, before=version, after=version, reason=CANARIES[0], by=agent, at=now)


def test_a_removed_case_leaves_no_word_of_its_person_in_any_table_nor_file_and_the_others_stay(archives):
    other = archives.town.submit()
    case, slip = archives.listed()
    words = (*CANARIES, str(case.pk))
    open_for(case, archives.archivist, "Contrôle")
    beside(case, archives.town)
    assert {"cases_case", "cases_message", "people_attribute", "documents_document"} <= holding(CANARIES)
    with transaction.atomic():
        assert removing.run(OVER) == 1
    assert holding(words) == {"archive_slip_line", "api_change", "audit_entry"}
    assert Change.objects.get(case_id=case.pk).gone
    assert holding(CANARIES) == set()
    with scope.of_task("test"):
        assert list(Case.objects.all()) == [other] and Person.objects.get() == other.person
    slip.refresh_from_db()
    assert slip.state == "done"

    proof = proofs.proof_of(slip)
    assert proofs.verify(proof) == 1 and proofs.is_ours(proof)
    assert proof["head"]["agreement"]["number"] == "AD49-2025-12"
    for path in (("head", "agreement", "number"), ("lines", 0, "digest"), ("signature",)):
        forged = copy.deepcopy(proof)
        place = forged
        for step in path[:-1]:
            place = place[step]
        told = str(place[path[-1]])
        place[path[-1]] = ("2" if told[0] == "1" else "1") + told[1:]
        with pytest.raises(proofs.BadProof):
            proofs.verify(forged)


@pytest.mark.django_db(transaction=True)
def test_the_running_product_removes_a_case_and_its_files_under_a_list_and_a_proof_that_lies_is_found(archives):
    case, slip = archives.listed()
    files = [path for path in archives.folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    with running():
        for lie, why in {
            "DELETE FROM cases_history": "denied",
            f"SELECT archive_remove_history('{case.pk}')": "never changed nor removed",
        }.items():
            with pytest.raises(DatabaseError, match=why), connection.cursor() as cursor:
                cursor.execute(lie)
        assert removing.run(OVER) == 1
        for lie in ("UPDATE archive_slip_line SET reference = 'x'", "DELETE FROM archive_slip"):
            with pytest.raises(DatabaseError, match="never changes"), connection.cursor() as cursor:
                cursor.execute(lie)
    assert not files[0].exists()
    slip.refresh_from_db()
    assert proofs.still_here(proofs.proof_of(slip)) == []
    files[0].write_bytes(b"back")
    assert proofs.still_here(proofs.proof_of(slip)) == [case.reference]


def test_a_process_that_dies_while_removing_leaves_the_case_whole_or_gone(archives):
    archives.listed()
    line, before = SlipLine.objects.get().pk, everything()

    def die(after) -> bool:
        with dying_after(after):
            try:
                removing._remove(line, OVER)
            except Killed:
                return True
        return False

    number = 1
    while die(number):
        number += 1
        assert SlipLine.objects.get(pk=line).state == "waiting"
        if number % 10 == 0:
            assert everything() == before, f"half removed after statement {number}"
    assert number > 20 and not Case.objects.exists()


def test_without_an_agreed_list_postgresql_itself_refuses(archives):
    case, slip = archives.listed(agreed=False)
    assert removing.run(OVER) == 0
    lies = (
        f"SELECT archive_remove_history('{case.pk}')",
        f"DELETE FROM cases_history WHERE case_id = '{case.pk}'",
        "UPDATE archive_slip_line SET state = 'removed', digest = 'x', removed_at = now(),"
        " removed_in = pg_current_xact_id()::text::bigint",
        f"UPDATE archive_slip SET state = 'agreed' WHERE id = '{slip.pk}'",
    )
    for lie in lies:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(lie)
    assert Case.objects.filter(pk=case.pk).exists()


def test_a_case_held_after_the_visa_stays_and_its_list_says_why(archives):
    case, slip = archives.listed()
    holds.place(case.pk, archives.archivist, "Contrôle de la chambre régionale des comptes")
    assert removing.run(OVER) == 0
    slip.refresh_from_db()
    assert (slip.lines.get().state, slip.lines.get().why, slip.state) == ("kept", "elle est gardée", "done")
    assert proofs.verify(proofs.proof_of(slip)) == 0


def test_a_list_is_what_its_procedure_says_holds_a_case_once_and_is_agreed_to_once(archives):
    archives.archived()
    with pytest.raises(ArchiveRefused, match="ne prévoit pas"):
        slips.propose(archives.procedure, "transfer", archives.archivist, now=OVER)
    slip = slips.propose(archives.procedure, "elimination", archives.archivist, now=OVER)
    assert slip.number == "2025-001" and slip.lines.get().decided_on.isoformat() == "2020-03-12"
    with pytest.raises(ArchiveRefused, match="Aucun dossier"):
        slips.propose(archives.procedure, "elimination", archives.archivist, now=OVER)
    with pytest.raises(ArchiveRefused, match="numéro"):
        slips.agree(slip.pk, archives.archivist, agreement=" ", by="Anne Roux", on=OVER.date())
    slips.refuse(slip.pk, archives.archivist, "Série à conserver")
    with pytest.raises(ArchiveRefused, match="a changé"):
        slips.agree(slip.pk, archives.archivist, agreement="1", by="Anne Roux", on=OVER.date())
    again = slips.propose(archives.procedure, "elimination", archives.archivist, now=OVER)
    assert slips.set_aside(again.pk, archives.archivist, [again.lines.get().pk], "À verser") == 1
    with pytest.raises(ArchiveRefused, match="vide"):
        slips.agree(again.pk, archives.archivist, agreement="1", by="Anne Roux", on=OVER.date())
    assert Slip.objects.filter(state="agreed").count() == 0
