"""What follows a change of answers, in its transaction: the sum that is due, the team in charge, who receives it."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from etoile.gru.cases import actors, filing, resending, transmission
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import Outgoing
from etoile.gru.cases.states import ActorKind
from etoile.gru.corrections.effects import Effects
from etoile.gru.documents.models import Document
from etoile.gru.fees import pricing


def follow(case: Case, actor: Actor, found: Effects) -> None:
    """`case` is locked, its answers are changed. What the person's answers entail is Étoile's doing, not theirs."""
    by = actor if actor.kind == ActorKind.AGENT else actors.system()
    pricing.follow(case, by, *found.prices)
    if found.team is not None and found.moves:
        with translation.override(case.language):
            reason = _("Les réponses de la demande ont changé : elle relève de ce service.")
        transmission.give(case, by, found.team, reason, lambda: published(case, filing.clear_answers(case), found))


def published(case: Case, answers: Mapping[str, Any], found: Effects) -> list[Outgoing]:
    """When no application has the request: the hub finds today's receiver, by the answers and the team of today.
    `answers` in clear."""
    if not found.again:
        return []
    return resending.again(case, answers, list(Document.objects.filter(holder=case.pk)), found.after)
