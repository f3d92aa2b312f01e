"""The words of an authority for the notices a person receives, in place of the usual ones; a procedure's come first.

Kept in `Authority.messages`, which comes with its row: a notice costs no statement more.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.access.services import Refused
from etoile.gru.audit.services import note
from etoile.gru.notices import tags

PARTS = ("subject", "body")
LONGEST = {"subject": 150, "body": 4000}

Words = Mapping[str, Mapping[str, str]]


def words_of(authority: Authority, template: str) -> dict[str, dict[str, str]]:
    """By part (`subject`, `body`), the words by language; empty when the usual ones serve. No statement."""
    kept = authority.messages.get(template) if isinstance(authority.messages, Mapping) else None
    given = kept if isinstance(kept, Mapping) else {}
    parts = {part: given[part] for part in PARTS if isinstance(given.get(part), Mapping)}
    read = {part: {str(code): str(text) for code, text in said.items() if text} for part, said in parts.items()}
    return {part: said for part, said in read.items() if said}


def problems(template: str, part: str, text: str) -> list[str]:
    """What is wrong with one text, in sentences."""
    unknown = dict.fromkeys(tags.unknown_tags(template, text))
    found = [
        _("La balise « %(tag)s » n’existe pas pour ce message. Choisissez parmi celles de la liste.") % {"tag": tag}
        for tag in unknown
    ]
    if len(text) > LONGEST[part]:
        found.append(_("Ce texte est trop long : %(most)d caractères au plus.") % {"most": LONGEST[part]})
    return found


@transaction.atomic
def keep(authority: Authority, template: str, words: Words, *, by: Account | None) -> None:
    """From now on these words; none gives the usual ones again. Raises `Refused`. What was sent does not change."""
    if template not in tags.NOTICES:
        raise Refused([_("Ce message n’a pas de mots à écrire.")])
    kept = {part: {code: text.strip() for code, text in words.get(part, {}).items() if text.strip()} for part in PARTS}
    kept = {part: said for part, said in kept.items() if said}
    wrong = [each for part, said in kept.items() for text in said.values() for each in problems(template, part, text)]
    if wrong:
        raise Refused(wrong)
    before = Authority.objects.select_for_update().only("pk", "messages").get(pk=authority.pk).messages
    others: dict[str, Any] = {name: said for name, said in before.items() if name != template}
    authority.messages = {**others, template: kept} if kept else others
    authority.save(update_fields=["messages"])
    if before.get(template, {}) != kept:
        told = {"before": _flat(before.get(template, {})), "after": _flat(kept)}
        note("words.kept" if kept else "words.reset", authority=authority.pk, by=by, subject=template, detail=told)


def _flat(words: Words) -> dict[str, str]:
    return {f"{part}.{code}": text for part, said in words.items() for code, text in said.items()}
