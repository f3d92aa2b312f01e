"""Who sent a request, when a platform of the State proved it: beside who it says it is from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.backoffice import reading
from etoile.gru.cases.models import Case
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.filling import mandates
from etoile.gru.recognition import requests


@dataclass(frozen=True, slots=True)
class Proved:
    name: str
    by: str
    level: str
    at: datetime


def who_asks(view: AgentCase) -> dict[str, Any]:
    """For the page of a case: who it says it is from, for whom, and who proved to have sent it."""
    case = view.case
    return {"contact": reading.contact(view), "mandate": mandates.said(case.mandate), "identified": _proved(case)}


def _proved(case: Case) -> Proved | None:
    found = requests.of_case(case)
    if found is None:
        return None
    levels = {"eidas1": _("faible"), "eidas2": _("substantiel"), "eidas3": _("élevé")}
    by = "FranceConnect+" if found.platform == "franceconnect-plus" else "FranceConnect"
    return Proved(found.name, by, levels.get(found.level, found.level), found.at)
