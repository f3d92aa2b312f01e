"""The e-mail itself: two parts that say the same, one h1, the language declared, and the one SMTP door."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from etoile.design.colours import DEFAULT_BRAND, palette
from etoile.design.theme import theme_of
from etoile.gru.notices import discretion, links, wording
from etoile.gru.notices.kinds import CHOSEN, Kind, kind_of
from etoile.gru.notices.models import Notice

TIMEOUT = 20
# Notices that say where to choose what one receives.
OFFERED = CHOSEN | {Kind.LEGAL}


class Unavailable(Exception):
    """The mail server did not take the message: it is to be offered again, the same."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """How the addresses that a message holds are made: `link` and `wishes` of a notice, `case` of a case that it
    is about."""

    link: Callable[[Notice], str] = links.address
    wishes: Callable[[Notice], str] = links.wishes_address
    case: Callable[[Notice, str], str] = links.case_address


def compose(notice: Notice, addresses: Addresses | None = None) -> EmailMultiAlternatives:
    """The message of a notice, in its language. Raises `wording.MissingMention`."""
    leads = addresses or Addresses()
    with translation.override(notice.language):
        said = discretion.say_by_mail(notice.template, notice.context)
        kind = kind_of(notice.template)
        wishes = leads.wishes(notice) if kind in OFFERED else ""
        shown = {
            "said": said,
            "language": notice.language,
            "authority": notice.authority,
            "name": notice.recipient_name,
            "link": leads.link(notice) if said.link else "",
            "entries": _entries(notice, leads.case),
            "wishes": wishes,
            **_colours(notice.authority.theme),
        }
        text = render_to_string("notices/mail.txt", shown)
        html = render_to_string("notices/mail.html", shown)
    message = EmailMultiAlternatives(
        subject=said.subject,
        body=text,
        from_email=settings.MAIL_RETURNS or settings.MAIL_FROM,
        to=[notice.recipient_email],
        headers={
            # The envelope has the address that returns go to, the reader sees the sender.
            "From": settings.MAIL_FROM,
            "Message-ID": notice.message_id,
            "Content-Language": notice.language,
            "Auto-Submitted": "auto-generated",
            **(_unsubscription(wishes) if wishes and kind in CHOSEN else {}),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def deliver(message: EmailMultiAlternatives) -> None:
    """Hand one message to the mail server. `Unavailable` covers every refusal: a permanent one is retried too, because
    the law wants the receipt to leave and only a human may decide that it will not."""
    try:
        with _connection(settings.SMTP_URL) as connection:
            connection.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        # The reason may quote the recipient's address: its class and code are enough, and go into no log.
        code = getattr(error, "smtp_code", "")
        raise Unavailable(f"{type(error).__name__} {code}".strip()) from error


def _unsubscription(wishes: str) -> dict[str, str]:
    """One click in the reader's own mail program (RFC 8058); the relay's DKIM signature must cover both."""
    return {"List-Unsubscribe": f"<{wishes}arret>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _entries(notice: Notice, address: Callable[[Notice, str], str]) -> list[tuple[str, str, str]]:
    """Of a digest: what each request is called, how many news it has, where it is followed."""
    return [
        (wording.entry(item), wording.news(item), address(notice, item["case"]))
        for item in notice.context.get("items", ())
    ]


def _colours(theme: object) -> dict[str, dict[str, str]]:
    """The town's own, light and dark; names as templates can write them (`on-brand` → `on_brand`)."""
    found = theme_of(theme).palette or palette(DEFAULT_BRAND)
    renamed = {"ink-soft": "soft"}
    return {
        name: {renamed.get(token, token).replace("-", "_"): value for token, value in tokens.items()}
        for name, tokens in (("light", found.light), ("dark", found.dark))
    }


def domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def _connection(url: str) -> Any:
    """`smtp://host:port`, `smtps://user:password@host:port`, `smtp+starttls://…`."""
    parts = urlsplit(url)
    return EmailBackend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp+starttls",
        timeout=TIMEOUT,
        fail_silently=False,
    )
