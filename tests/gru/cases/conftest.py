"""A procedure with everything a workflow may hold, under each regime of silence."""

import uuid
from typing import Any

import pytest
from tests.gru.conftest import PROCEDURE, Town

from etoile.gru.access.models import Membership, Role, Team
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.services import load

STEPS = ("completer", "commission", "regler")
FULL: dict[str, Any] = {
    "transitions": [
        {"id": "start", "from": ["submitted"], "to": "in_progress"},
        {"id": "completer", "from": ["in_progress"], "to": "in_progress", "label": "Compléter", "documents": ["piece"]},
        {"id": "commission", "from": ["submitted", "in_progress"], "to": "in_progress", "label": "Commission",
         "who": ["manager"], "reason": True, "message": {"body": "Elle sera lue."}, "team": "direction"},
        {"id": "regler", "from": ["in_progress"], "to": "in_progress", "label": "Payer", "waits_for": "payment_due"},
        {"id": "accept", "from": ["in_progress"], "to": "accepted"},
        {"id": "refuse", "from": ["submitted", "in_progress"], "to": "refused"},
        {"id": "close", "from": ["submitted", "in_progress"], "to": "closed"},
        {"id": "reopen", "from": ["accepted", "refused", "closed", "withdrawn"], "to": "in_progress"},
    ],
    "timers": [
        {"id": "relance", "after": "P10D", "waiting": "documents_asked", "do": "remind"},
        {"id": "fin", "after": "P45D", "waiting": "documents_asked", "do": "close", "reason": "Pièces non reçues."},
        {"id": "oubli", "after": "P5D", "from": ["submitted"], "do": "escalate", "team": "direction"},
        {"id": "lenteur", "after": "P20D", "from": ["in_progress"], "do": "remind"},
    ],
}  # fmt: skip


@pytest.fixture
def hall(town: Town) -> Town:
    """Nadia may do everything; `versions` of the procedure by regime of silence."""
    Team.objects.create(authority=town.authority, sector=town.sector, slug="direction", name="Direction",
                        email="direction@valmont.example")  # fmt: skip
    Membership.objects.create(account=town.agent, team=town.team, role=Role.MANAGER)
    return town


def version_of(town: Town, regime: str) -> ProcedureVersion:
    pieces = [{"id": "piece", "label": "Justificatif", "indispensable": True}]
    silence = {"regime": regime, "duration": "P2M"}
    raw = PROCEDURE | {"slug": regime, "documents": pieces, "workflow": FULL, "silence": silence}
    return ProcedureVersion.objects.select_related("procedure__team__sector").get(pk=load(town.authority, raw).pk)


def paper(town: Town, case: Case) -> Document:
    return Document.objects.create(
        authority=town.authority, holder=case.pk, field="piece", name=f"{uuid.uuid4()}.pdf",
        media_type="application/pdf", size=1, sha256="0" * 64,
    )  # fmt: skip
