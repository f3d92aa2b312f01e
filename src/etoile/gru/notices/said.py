"""What the words of every notice are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from etoile.design.moments import spelled

Context = Mapping[str, Any]


class MissingMention(ValueError):
    """A mention that the law wants is not there: the receipt must not leave without it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words. `facts` are label and value; `link` is the text of the link to the case.

    The heading is the subject when there is nothing shorter to say. A link opens something of its reader's unless it
    is said to lead to a `page_of_all`, which asks who comes in.
    """

    subject: str
    paragraphs: tuple[str, ...]
    heading: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    closing: tuple[str, ...] = ()
    link: str = ""
    page_of_all: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", self.heading or self.subject)


Builder = Callable[[Context], Said]


def of_request(context: Context, heading: str, *paragraphs: str, link: str = "", **more: Any) -> Said:
    """What happens to a request: its subject is the heading, with the reference."""
    subject = _("%(what)s : demande %(reference)s") % {"what": heading, "reference": context["reference"]}
    return Said(subject, paragraphs, heading, more.pop("facts", identity(context)), link=link, **more)


def day(context: Context, name: str) -> str:
    """A local day of the context, in words. Raises `MissingMention`."""
    return spelled(date.fromisoformat(needed(context, name)))


def moment(context: Context, name: str) -> str:
    """A moment of the context, in words, where the authority is. Raises `MissingMention`."""
    at = datetime.fromisoformat(needed(context, name)).astimezone(ZoneInfo(context["timezone"]))
    return spelled(at, "j F Y, H:i")


def identity(context: Context) -> tuple[tuple[str, str], ...]:
    return ((_("Référence"), context["reference"]), (_("Démarche"), title(context)))


def title(context: Context) -> str:
    title: Mapping[str, str] = context["procedure"]
    return title.get((translation.get_language() or "fr")[:2]) or title["fr"]


def needed(context: Context, name: str) -> str:
    value = context.get(name)
    if not value:
        raise MissingMention(name)
    return str(value)
