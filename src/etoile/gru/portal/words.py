"""What the page of a request adds to the seven words of `cases`: a tone, and what happens next."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.design.moments import spelled
from etoile.design.parts import Table, TimelineEntry
from etoile.gru.cases.views_of_person import Moment, Tracking, Word
from etoile.gru.corrections.changes import Made, table
from etoile.gru.notices.models import Wish

# Code of the word -> tone of the design, and what the person has to know of the sequel.
_SEQUELS: dict[str, tuple[str, str | Promise]] = {
    "received": ("info", gettext_lazy("Le service va l’examiner.")),
    "in_progress": ("progress", ""),
    "to_complete": ("warning", ""),
    "to_pay": ("warning", gettext_lazy("Votre demande avancera dès que le paiement sera reçu.")),
    "transferred": ("progress", gettext_lazy("C’est lui qui vous répondra.")),
    "closed_accepted": ("success", ""),
    "closed_refused": ("danger", gettext_lazy("Les raisons et les recours possibles sont indiqués ci-dessous.")),
    "closed": ("neutral", ""),
    "withdrawn": ("neutral", ""),
}


def tone(word: Word) -> str:
    return _SEQUELS.get(word.code, ("neutral", ""))[0]


def sequel(view: Tracking) -> str:
    if any(letter.unopened for letter in view.decisions):
        return _("Ses explications vous attendent ci-dessous : ouvrez la décision.")
    return str(_SEQUELS.get(view.word.code, ("neutral", ""))[1])


def expected(view: Tracking) -> str:
    """What the person has to do, and by when; empty once the request is answered."""
    if view.open_requests:
        first = min(view.open_requests, key=lambda each: each.deadline)
        count = sum(len(each.awaited) for each in view.open_requests)
        if all(each.is_correction for each in view.open_requests):
            words = ngettext(
                "une réponse à corriger, avant le %(day)s.", "%(count)d réponses à corriger, avant le %(day)s.", count
            )
        elif any(each.is_correction for each in view.open_requests):
            words = _("%(count)d réponses à corriger ou documents à envoyer, avant le %(day)s.")
        else:
            words = ngettext("un document, avant le %(day)s.", "%(count)d documents, avant le %(day)s.", count)
        return words % {"count": count, "day": spelled(first.deadline)}
    if view.word.code == "to_pay":
        return _("le paiement demandé.")
    if view.word.code == "to_complete":
        return _("une réponse au message du service.")
    if not view.can_withdraw:
        return ""
    # Who gave no address, or chose to receive little, is not promised an e-mail.
    if view.case.contact_email and view.address.wish == Wish.EVERY_STEP and not view.address.failed_at:
        return _("rien. Un courriel vous prévient à chaque étape.")
    return _("rien. La suite s’affiche sur cette page.")


# Codes of what may happen to a request that no service has begun to treat.
_BEFORE_TREATMENT = frozenset({"submit", "transferred", "message_posted", "document_added", "withdraw"})


def steps(view: Tracking) -> list[str]:
    """The three steps of a request, as `Tracking.step` counts them; one that its person gave up has no answer, and two
    steps when nobody had begun to treat it."""
    given_up = view.word.code == "withdrawn"
    if given_up and _BEFORE_TREATMENT.issuperset(each.code for each in view.timeline):
        return [_("Reçue"), _("Retirée")]
    return [_("Reçue"), _("En cours de traitement"), _("Retirée") if given_up else _("Réponse donnée")]


def step(view: Tracking) -> int:
    """Of `steps`, the one where it stands, from 1."""
    return min(view.step, len(steps(view)))


def step_now(view: Tracking) -> str:
    """Where it stands in one sentence, with what comes next."""
    named, now = steps(view), step(view)
    words = _("Étape %(step)d sur %(steps)d : %(name)s.") % {
        "step": now,
        "steps": len(named),
        "name": lowered(named[now - 1]),
    }
    return words if now == len(named) else f"{words} {_('Ensuite : %(name)s.') % {'name': lowered(named[now])}}"


def lowered(words: str) -> str:
    """Inside a sentence."""
    return words[:1].lower() + words[1:]


def changed(made: Made) -> Table:
    """A change of the answers, by its day and by who made it."""
    day = spelled(timezone.localtime(made.at))
    by_you, by_service = _("Corrigé par vous le %(day)s"), _("Modifié par le service le %(day)s")
    return table((by_you if made.by_person else by_service) % {"day": day}, made.changes)


# Code of a moment -> tone and drawing; the others are neutral.
_DRAWN = {
    "submit": ("info", "check"),
    "accept": ("success", "check"),
    "refuse": ("danger", "cross"),
    "documents_asked": ("warning", "document"),
    "payment_due": ("warning", "euro"),
    "document_added": ("neutral", "document"),
    "correct": ("neutral", "edit"),
    "edit": ("neutral", "edit"),
    "document_returned": ("neutral", "document"),
    "message_posted": ("neutral", "message"),
    "transferred": ("neutral", "send"),
    "implicit_refusal": ("warning", "clock"),
    "attested": ("success", "seal"),
    "start": ("neutral", "user"),
    "resume": ("neutral", "user"),
}


def timeline(view: Tracking) -> list[TimelineEntry]:
    """The moments, newest first: the last one is what the person came for. What is awaited stands before it."""
    past = [_entry(each) for each in view.timeline][::-1]
    return [*_awaited(view), *past]


def _entry(moment: Moment) -> TimelineEntry:
    tone, icon = _DRAWN.get(moment.code, ("neutral", ""))
    return TimelineEntry(title=moment.label, at=moment.at, detail=moment.detail, tone=tone, icon=icon)


def _awaited(view: Tracking) -> list[TimelineEntry]:
    if view.step >= view.steps:
        return []
    return [TimelineEntry(title=_("La réponse du service"), detail=answer_before(view), tone="info", is_future=True)]


def answer_before(view: Tracking) -> str:
    """Until when an answer may come, and what silence means then; empty when the law sets no day."""
    if view.step >= view.steps:
        return ""
    if view.clock.waiting and view.silence_regime == "accept":
        return _("Le délai de réponse part du jour où le service a reçu vos pièces.")
    if view.case.implicit_on is not None:
        return _("Le délai de réponse est passé. Le service peut encore vous répondre.")
    if view.silence_date is None:
        return ""
    named = {"day": spelled(view.silence_date)}
    if view.silence_regime == "accept":
        return _("Au plus tard le %(day)s. Sans réponse ce jour-là, votre demande est acceptée.") % named
    return _("Au plus tard le %(day)s. Sans réponse ce jour-là, elle est considérée comme refusée.") % named
