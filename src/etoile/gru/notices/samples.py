"""Every e-mail with made-up facts: what a town looks at before its people receive it.

No address in them opens anything.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.notices import authority_words, links, mail, wording
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.identifiers import uuid7

CASE = "26-K7QM-3"
# By template, what is said otherwise from one time to another: the first has no name.
VARIANTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "registration_receipt": {
        "": {},
        "silence-accept": {"silence_regime": "accept"},
        "silence-refuse": {"silence_regime": "refuse"},
        "discreet": {"discreet": True},
    },
    "decision": {"": {}, "online": {"available_at": "now"}},
    "implicit_decision": {"": {}, "refuse": {"regime": "refuse"}},
    "silence_near": {"": {}, "refuse": {"regime": "refuse"}},
    "payment_changed": {"": {"fee": "cancelled"}, "refunded": {"fee": "refunded", "refunded": 1650}},
    "price_changed": {"": {"effect": "due"}, "difference": {"effect": "difference"}},
}


def facts(authority: Authority) -> dict[str, Any]:
    """What any notice may say, for a request that is nobody's."""
    now, today = timezone.now(), authority.today()
    return {
        "reference": CASE,
        "procedure": {"fr": "Acte de naissance", "en": "Birth certificate"},
        "authority": authority.name,
        "service": "État civil",
        "service_address": authority.address or authority.name,
        "service_email": authority.email or "etat-civil@ville.example",
        "service_phone": authority.phone or "01 99 00 00 00",
        "timezone": authority.timezone,
        "state": "in_progress",
        "substate": "",
        **dict.fromkeys(("received_at", "at"), now.isoformat()),
        **dict.fromkeys(("until", "due_at"), (now + timedelta(days=30)).isoformat()),
        **dict.fromkeys(("deadline", "day", "leaves_on", "silence_date"), (today + timedelta(days=60)).isoformat()),
        "paid_on": today.isoformat(),
        "amount": 1650,
        "before": 1650,
        "after": 2000,
        "regime": "accept",
        "to": "Voirie",
        "by": "Alix Moreau",
        "proof": uuid7().hex,
        "minutes": 10,
        "days": 7,
    }


def every(authority: Authority, language: str) -> Iterator[tuple[str, Notice]]:
    """By name, each notice as this authority says it in this language; none is kept."""
    for template in sorted(wording.BUILDERS):
        for name, more in VARIANTS.get(template, {"": {}}).items():
            yield f"{template}-{name}" if name else template, _notice(authority, template, language, more)


def message(notice: Notice) -> mail.EmailMultiAlternatives:
    """As it would leave, with addresses that open nothing."""
    example = f"{links.site(notice.authority)}/exemple/"
    return mail.compose(notice, mail.Addresses(*[lambda *_of: example] * 3))


def _notice(authority: Authority, template: str, language: str, more: Mapping[str, Any]) -> Notice:
    context = {**facts(authority), **more, "words": authority_words.words_of(authority, template)}
    if context.get("available_at"):
        context["available_at"] = context["at"]
    if template == "digest":
        context["items"] = [{name: context[name] for name in ("reference", "procedure")} | {"case": "", "count": 2}]
    return Notice(
        authority=authority,
        template=template,
        context=context,
        language=language,
        recipient_name="Camille Martin",
        recipient_email="camille@ville.example",
        message_id="<exemple@ville.example>",
    )
