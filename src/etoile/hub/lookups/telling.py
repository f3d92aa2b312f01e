"""What to say when there is no answer: a code for the program, a sentence for the person, what to do instead."""

from collections.abc import Sequence

from etoile.hub.lookups.questions import Answer, Code, Try
from etoile.hub.registry.directory import LookupView
from etoile.sdk import LookupResult

SENTENCES = {
    Code.TIMEOUT: "Le service qui donne « {title} » ne répond pas assez vite.",
    Code.DOWN: "Le service qui donne « {title} » ne répond pas pour le moment.",
    Code.PAUSED: "Le service qui donne « {title} » ne répond pas depuis un moment.",
    Code.MISCONFIGURED: "Le service qui donne « {title} » ne peut pas être interrogé : un réglage est à revoir.",
}
INSTEAD = "Demandez à la place : {instead}."


def unavailable(view: LookupView, tries: Sequence[Try]) -> Answer:
    code = _code(tries)
    sentence = SENTENCES[code].format(title=view.title)
    message = f"{sentence} {INSTEAD.format(instead=view.instead)}"
    return Answer(LookupResult.UNAVAILABLE, code=code, message=message, instead=view.instead, tries=tuple(tries))


def not_found(view: LookupView, tries: Sequence[Try]) -> Answer:
    last = tries[-1]
    message = f"« {view.title} » : rien n’a été trouvé. {INSTEAD.format(instead=view.instead)}"
    return Answer(
        LookupResult.NOT_FOUND,
        provider=last.provider.slug,
        at=last.outcome.at,
        code=Code.NOT_FOUND,
        message=message,
        instead=view.instead,
        tries=tuple(tries),
    )


def refused(view: LookupView, tries: Sequence[Try]) -> Answer:
    last = tries[-1]
    said = last.outcome.message or f"Le service qui donne « {view.title} » refuse de répondre."
    return Answer(
        LookupResult.REFUSED,
        provider=last.provider.slug,
        code=Code.REFUSED,
        message=f"{said} {INSTEAD.format(instead=view.instead)}",
        instead=view.instead,
        tries=tuple(tries),
    )


def _code(tries: Sequence[Try]) -> Code:
    """Of the provider that came nearest to an answer: one that was asked tells more than one that was not."""
    asked = [each for each in tries if each.asked and each.outcome.result is LookupResult.UNAVAILABLE]
    if not asked:
        return Code.PAUSED if any(each.outcome.detail == "paused" for each in tries) else Code.TIMEOUT
    if all(each.outcome.misconfigured for each in asked):
        return Code.MISCONFIGURED
    return Code.TIMEOUT if any(each.outcome.detail == "timeout" for each in asked) else Code.DOWN
