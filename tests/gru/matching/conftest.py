"""Persons who look alike, in a town of one service and of a second one nobody here works for."""

from typing import Any

import pytest
from tests.gru.conftest import Town

from etoile.gru.access.models import Membership, Role, Sector, Team
from etoile.gru.matching import examining
from etoile.gru.matching.models import Suspicion
from etoile.gru.people import scope

CAMILLE = {
    "kind": "natural",
    "family_name": "Martin",
    "given_names": "Camille",
    "email": "camille@exemple.fr",
    "phone": "+33639980123",
}


@pytest.fixture
def town(town: Town) -> Town:
    """Whose agent may merge."""
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    return town


@pytest.fixture
def elsewhere(town: Town) -> Team:
    sector = Sector.objects.create(authority=town.authority, slug="social", name="Action sociale")
    return Team.objects.create(authority=town.authority, sector=sector, slug="social", name="CCAS")


def pair(town: Town, **changes: Any) -> tuple[Any, Any]:
    """Two cases of two rows that are one person."""
    return town.submit(applicant=CAMILLE), town.submit(applicant={**CAMILLE, **changes})


def suspected() -> list[Suspicion]:
    """After the worker has passed."""
    examining.examine_all()
    with scope.of_task("test"):
        return list(Suspicion.objects.order_by("-points", "pk"))
