"""The words of an e-mail about a procedure that must not be named: a letter box is read by others than its owner.

What is said on the tracking page, and in the receipt read there, stays whole.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.notices import wording
from etoile.gru.notices.wording import Said

_OF_THE_TEAM = ("service_address", "service_email", "service_phone")


def say_by_mail(template: str, context: Mapping[str, Any]) -> Said:
    """As `wording.say`; of a discreet procedure, with neither its name nor its team nor its own words.

    Raises `MissingMention`.
    """
    whole = wording.say(template, context)
    if not context.get("discreet"):
        return whole
    neutral = {name: value for name, value in context.items() if name != "words"}
    neutral |= {
        "procedure": {"fr": ""},
        "service": _("le service chargé de votre demande"),
        "to": _("un autre service"),
    }
    said = wording.say(template, neutral)
    hidden = {"", neutral["service"], *(str(context.get(name, "")) for name in _OF_THE_TEAM)}
    facts = tuple((label, value) for label, value in said.facts if value not in hidden)
    # What the law wants in a receipt and an e-mail may not tell is read on the page: the e-mail does not stand for it.
    paragraphs = _of_receipt(context) if template in wording.RECEIPTS else said.paragraphs
    return replace(said, facts=facts, paragraphs=paragraphs)


def _of_receipt(context: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        _("%(authority)s a bien reçu votre demande.") % context,
        _("L’accusé de réception complet, avec le service et ses coordonnées, est sur la page de suivi : gardez-le."),
    )
