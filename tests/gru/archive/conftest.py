"""A procedure whose register says two years, then three, and what comes after; an archivist; cases long ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.gru.conftest import PROCEDURE, Town
from tests.gru.documents.samples import PDF

from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.archive import leaving, slips
from etoile.gru.archive.models import Slip
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Case, Message
from etoile.gru.documents.services import store
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

SENT = datetime(2020, 3, 2, 9, tzinfo=UTC)
ENDED = SENT + timedelta(days=10)
# Two years after the end, with the fifteen days of the letter: told, then set apart; then three years more.
TOLD = datetime(2022, 3, 1, 2, 23, tzinfo=UTC)
APART = datetime(2022, 3, 20, 2, 23, tzinfo=UTC)
OVER = datetime(2025, 3, 13, 12, tzinfo=UTC)
# Words that no table may hold any more once the case is removed.
CANARIES = ("zanzibarouf", "kalimotxo", "mirliflore")


class Archives:
    def __init__(self, town: Town, folder):
        self.town, self.folder = town, folder
        self.procedure = self.in_force("destroy")
        self.archivist = Account.objects.create(authority=town.authority, email="archives@valmont.example")
        Membership.objects.create(account=self.archivist, role=Role.ARCHIVIST)

    def in_force(self, fate: str) -> Procedure:
        kept = {"active": "P2Y", "intermediate": "P3Y", "final_fate": fate, "basis": {"fr": "Instruction de 2014"}}
        version = load(self.town.authority, PROCEDURE | {"register": {"retention": kept}})
        self.town.version = version
        Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
        return Procedure.objects.select_related("current", "team", "authority").get(pk=version.procedure_id)

    def ended(self) -> Case:
        """A refused case with a file, messages both ways, notices and events, all of them delivered."""
        first, second, third = CANARIES
        person = {"kind": "natural", "family_name": first, "given_names": "Zoé", "email": f"{first}@exemple.fr"}
        with time_machine.travel(SENT, tick=False):
            case = self.town.submit(applicant=person, answers={"motif": second, "allergie": third})
            upload = SimpleUploadedFile(f"{third}.pdf", PDF)
            document = store(self.town.authority, case.pk, upload, field="motif", accept=("pdf",), max_size=10_000)
            services.provide_document(case.pk, [document], actor=actors.person(first))
            services.start(case.pk, self.town.agent)
            services.post_message(case.pk, actors.person(first), f"Je suis {second}")
            services.read_messages(case, by=Message.Author.AGENT)
        with time_machine.travel(ENDED, tick=False):
            services.decide(case.pk, self.town.agent, outcome="refused", reasons=f"{second} et {third}")
        OutgoingEvent.objects.filter(subject=case.subject).update(state="sent")
        Notice.objects.filter(case_id=case.pk).update(state="sent")
        return self.town.case(case)

    def archived(self) -> Case:
        case = self.ended()
        leaving.run(TOLD)
        Notice.objects.filter(case_id=case.pk).update(state="sent")
        leaving.run(APART)
        return self.town.case(case)

    def listed(self, *, agreed: bool = True) -> tuple[Case, Slip]:
        case = self.archived()
        slip = slips.propose(self.procedure, "elimination", self.archivist, now=OVER)
        if agreed:
            slips.agree(slip.pk, self.archivist, agreement="AD49-2025-12", by="Anne Roux", on=OVER.date())
        return case, slip


@pytest.fixture
def archives(town, tmp_path, settings) -> Archives:
    settings.DOCUMENTS_FOLDER = tmp_path
    return Archives(town, tmp_path)
