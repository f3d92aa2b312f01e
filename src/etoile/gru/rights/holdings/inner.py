"""What a value kept as JSON holds, one line each, in the words that people read elsewhere."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import spelled
from etoile.gru.cases.states import Fault
from etoile.gru.people import words
from etoile.gru.people.models import Level
from etoile.gru.rights.holdings.words import COLUMNS
from etoile.gru.ties import kinds

# Of use to a program alone: the paper says the same beside it.
UNSAID = frozenset({"to_translate", "field"})
NAMES: Mapping[str, str | Promise] = {
    **COLUMNS,
    **kinds.DETAILS,
    "name": gettext_lazy("Nom"),
    "fault": gettext_lazy("Ce qui ne va pas"),
    "sentence": gettext_lazy("Ce que le service en dit"),
    "indispensable": gettext_lazy("Indispensable"),
}
CODES: Mapping[str, Callable[[Any], str]] = {
    "level": lambda code: str(dict(Level.choices).get(code, code)),
    "source": words.source,
    "fault": lambda code: str(dict(Fault.choices).get(code, code)),
    "custody": lambda code: kinds.said("custody", code),
}


def lines(value: Any, names: Mapping[str, str], zone: ZoneInfo, *, before: str = "", name: str = "") -> Iterator[str]:
    """« Précisions, jours : … », whatever its depth. `names`: the questions that the person answered, by their key."""
    if isinstance(value, Mapping) and "postal_code" in value:
        yield _line(before, ", ".join(words.lines("address", value)))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key not in UNSAID:
                called = names.get(str(key)) or str(NAMES.get(key, key))
                inside = f"{before}, {called}" if before else called
                yield from lines(each, names, zone, before=inside, name=str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            inside = f"{before} {number}".strip() if len(value) > 1 else before
            yield from lines(each, names, zone, before=inside, name=name)
    elif value not in (None, ""):
        yield _line(before, CODES[name](value) if name in CODES else said(value, zone))


def said(value: Any, zone: ZoneInfo) -> str:
    """Yes or no, a day, a moment where the authority is, or as it is."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    try:
        if len(value) == len("2026-11-29") and (day := parse_date(value)):
            return spelled(day)
        if "T" in value and (at := parse_datetime(value)):
            return spelled(at.astimezone(zone), "j F Y, H:i")
    except ValueError:
        # Looks like a day that no calendar has: somebody wrote it so.
        pass
    return value


def _line(before: str, told: str) -> str:
    return f"{before} : {told}" if before else told
