"""Who sent a request, when a platform of the State proved it: beside who it says it is from."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from etoile.gru.cases.models import Case
from etoile.gru.recognition import requests


@dataclass(frozen=True, slots=True)
class Proved:
    name: str
    by: str
    level: str
    at: datetime


def proved(case: Case) -> Proved | None:
    """One statement."""
    found = requests.of_case(case)
    if found is None:
        return None
    levels = {"eidas1": _("faible"), "eidas2": _("substantiel"), "eidas3": _("élevé")}
    by = "FranceConnect+" if found.platform == "franceconnect-plus" else "FranceConnect"
    return Proved(found.name, by, levels.get(found.level, found.level), found.at)
