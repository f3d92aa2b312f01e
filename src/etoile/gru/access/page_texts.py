"""The words an authority writes on its information pages, in place of ours. Plain text: no HTML is ever taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Account, Authority, PageText
from etoile.gru.access.services import Refused

LONGEST = 20_000
SOURCE = "fr"


class Page(TextChoices):
    HELP = "aide", _("Aide")
    PERSONAL_DATA = "donnees-personnelles", _("Données personnelles")
    LEGAL_NOTICE = "mentions-legales", _("Mentions légales")
    ECO_DESIGN = "ecoconception", _("Écoconception")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a list (`kind`: h2, p, ul) and its lines."""

    kind: str
    lines: tuple[str, ...]


def keep(authority: Authority, page: str, language: str, text: str, *, by: Account | None = None) -> None:
    """Put these words on a page; none gives the page our own again. Raises `Refused`."""
    text = text.replace("\r\n", "\n").strip()
    if page not in Page.values:
        raise Refused([_now("Cette page n’a pas de texte à écrire.")])
    if len(text) > LONGEST:
        raise Refused([_now("Ce texte est trop long : %(most)d caractères au plus.") % {"most": LONGEST}])
    place = {"authority": authority, "page": page, "language": language}
    if not text:
        PageText.objects.filter(**place).delete()
        return
    PageText.objects.update_or_create(**place, defaults={"text": text, "changed_by": by})


def written(authority: Authority) -> dict[tuple[str, str], PageText]:
    """Every text of an authority by page and language. One statement."""
    return {(each.page, each.language): each for each in PageText.objects.filter(authority=authority)}


def blocks(authority: Authority, page: str, language: str | None) -> list[Block]:
    """What to print on a page, in its language, else in French; empty when the page keeps our words. One statement."""
    wanted = (language or SOURCE).lower()
    found = dict(
        PageText.objects.filter(authority=authority, page=page, language__in=[wanted, SOURCE]).values_list(
            "language", "text"
        )
    )
    return list(read(found.get(wanted) or found.get(SOURCE, "")))


def read(text: str) -> Iterator[Block]:
    """`## ` begins a heading, `- ` an item of a list; an empty line ends a paragraph."""
    for part in text.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        while lines:
            if lines[0].startswith("## "):
                yield Block("h2", (lines.pop(0).removeprefix("## "),))
                continue
            listed = lines[0].startswith("- ")
            taken = [lines.pop(0)]
            while lines and lines[0].startswith("- ") == listed and not lines[0].startswith("## "):
                taken.append(lines.pop(0))
            yield Block("ul" if listed else "p", tuple(line.removeprefix("- ") if listed else line for line in taken))
