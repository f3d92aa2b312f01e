"""What is kept as a code, in the words that people read elsewhere."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.administration.views.journal import words_of
from etoile.gru.cases import events
from etoile.gru.cases.states import State, Substate
from etoile.gru.contracts.models import STANDING
from etoile.gru.notices.tags import NAMES
from etoile.gru.people import words
from etoile.gru.people.models import Level
from etoile.gru.ties.kinds import KINDS


def _of(choices: type[models.TextChoices] | type[models.IntegerChoices]) -> Callable[[Any], str]:
    known = dict(choices.choices)
    return lambda code: str(known.get(code, code))


# What applications and we say to one another.
EVENTS: Mapping[str, str | Promise] = {
    events.SUBMITTED: _("votre demande"),
    events.UPDATED: _("des réponses changées"),
    events.STATUS_CHANGED: _("nouvel état"),
    events.DECIDED: _("décision"),
    events.MESSAGE_POSTED: _("message"),
    events.DOCUMENT_ADDED: _("document"),
    events.HANDOFF_CHANGED: _("suivi d’une transmission"),
}
SILENCE: Mapping[str, str | Promise] = {"none": _("aucun"), "accept": _("accord"), "refuse": _("refus")}
_LEVEL, _STATE = _of(Level), _of(State)
_TOGETHER = _("Deux fiches réunies, ou séparées")
# By table and column; a column that is not here is told as it is, or by its own choices.
SAID: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("people.Attribute", "key"): words.label,
    ("ties.Tie", "kind"): lambda kind: str(KINDS[kind].of_subject if kind in KINDS else kind),
    ("ties.Tie", "source"): words.source,
    ("people.Attribute", "source"): words.source,
    ("people.Change", "key"): words.label,
    ("people.Change", "source"): words.source,
    ("people.Change", "level"): _LEVEL,
    ("people.Change", "level_before"): _LEVEL,
    ("contracts.Changed", "key"): lambda key: str(_TOGETHER) if key == STANDING else words.label(key),
    ("cases.Case", "language"): lambda code: str(dict(settings.LANGUAGES).get(code, code)),
    ("cases.Case", "silence_regime"): lambda code: str(SILENCE.get(code, code)),
    ("cases.Case", "substate"): _of(Substate),
    ("cases.Decision", "outcome"): _STATE,
    ("cases.History", "verb"): lambda verb: words_of(f"case.{verb}"),
    ("cases.History", "from_state"): _STATE,
    ("cases.History", "to_state"): _STATE,
    ("cases.History", "substate"): _of(Substate),
    ("outbox.OutgoingEvent", "type"): lambda code: str(EVENTS.get(code, code)),
    ("inbox.IncomingEvent", "type"): lambda code: str(EVENTS.get(code, code)),
    ("cases.Handoff", "message_type"): lambda code: str(EVENTS.get(code, code)),
    ("archive.SlipLine", "outcome"): _STATE,
    ("audit.Entry", "action"): words_of,
    ("notices.Notice", "template"): lambda template: str(NAMES.get(template, template)),
}
