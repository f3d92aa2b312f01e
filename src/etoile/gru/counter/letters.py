"""Letters for those who have no e-mail: each notice about their request is one, with what it announces inside."""

import uuid
from collections.abc import Collection

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import papers, queries
from etoile.gru.cases.models import Case, Message
from etoile.gru.cases.papers import Printed
from etoile.gru.counter.models import Letter
from etoile.gru.fees import queries as fees
from etoile.gru.fees.words import said as said_of
from etoile.gru.notices import readers
from etoile.gru.notices.models import Notice
from etoile.gru.notices.wording import MissingMention, Said, say
from etoile.gru.papers.paper import Block, Facts, Words, paragraphs
from etoile.gru.papers.render import pdf
from etoile.gru.people.queries import values

# They answer a person who is on line.
_NEVER = frozenset({"tracking_link", "draft_link"})
MOST = 200


def to_print(notice: Notice) -> None:
    """A letter for a notice that no e-mail carries, in the transaction that writes it."""
    if notice.template not in _NEVER:
        Letter.objects.create(case_id=notice.case_id, notice=notice, created_at=notice.created_at)


def waiting(account: Account) -> QuerySet[Letter]:
    """Those of the cases this agent treats, the oldest first."""
    return (
        Letter.objects.filter(sent_at=None, case__in=queries.visible_to(account, "cases.treat"))
        .select_related("case__procedure_version", "notice")
        .order_by("created_at", "pk")
    )


def of_case(case: uuid.UUID) -> int:
    """How many letters about a request wait."""
    return Letter.objects.filter(case=case, sent_at=None).count()


def mark_sent(account: Account, chosen: Collection[uuid.UUID]) -> int:
    """They were posted, or handed over. Returns how many still waited."""
    mine = waiting(account).filter(pk__in=chosen).values("pk")
    return Letter.objects.filter(pk__in=mine, sent_at=None).update(sent_at=timezone.now(), sent_by=account)


def hand_over(account: Account, case: uuid.UUID) -> int:
    """The letters of a request that this agent has just entered: the person leaves with them."""
    return Letter.objects.filter(case=case, sent_at=None).update(sent_at=timezone.now(), sent_by=account)


def title_of(letter: Letter) -> str:
    """What it says in a line, in the language of the reader; empty when a mention that the law wants is missing."""
    try:
        return say(letter.notice.template, letter.notice.context).heading
    except MissingMention:
        return ""


def printed(letter: Letter) -> Printed | None:
    """In the language of the person. None when a mention that the law wants is missing."""
    case = Case.objects.select_related("authority", "procedure_version", "team").get(pk=letter.case_id)
    notice = letter.notice
    with translation.override(notice.language):
        try:
            said = say(notice.template, notice.context)
        except MissingMention:
            return None
        title = f"{said.heading} – {case.reference}"
        made = papers.letter(
            case,
            title,
            notice.created_at,
            _blocks(case, notice, said),
            language=notice.language,
            recipient=recipient(case),
        )
    return Printed(f"{title}.pdf", pdf(made, fonts=settings.PAPER_FONTS))


def recipient(case: Case) -> list[str]:
    """The name and the postal address, as on an envelope: of who reads the request now."""
    reader = readers.of_case(case.pk)
    name, person = (reader.name, reader.person) if reader is not None else (case.contact_name, case.person_id)
    known = values(person).get("address")
    given = known if isinstance(known, dict) else {}
    lines = given.get("lines") or []
    lines = lines.splitlines() if isinstance(lines, str) else [str(line) for line in lines]
    town = f"{given.get('postal_code', '')} {given.get('city', '')}".strip()
    return [line for line in (name, *lines, town) if line]


def _blocks(case: Case, notice: Notice, said: Said) -> list[Block]:
    """What the notice announces rather than the announcement: a letter is not opened on a screen."""
    inside = _announced(case, notice)
    body: list[Block] = paragraphs(inside) if inside else [Words(each) for each in said.paragraphs]
    return [*body, Facts(said.facts), *map(Words, said.closing), Words(_contact(case))]


def _announced(case: Case, notice: Notice) -> str:
    before = notice.created_at
    if notice.template in {"decision", "implicit_decision"}:
        decision = case.decisions.filter(decided_at__lte=before).last()
        return decision.text if decision is not None else ""
    if notice.template == "document_asked":
        asked = case.document_requests.filter(asked_at__lte=before).last()
        return asked.wording if asked is not None else ""
    if notice.template == "message_received":
        message = case.messages.filter(sent_at__lte=before).exclude(author=Message.Author.PERSON).last()
        return message.body if message is not None else ""
    if notice.template == "payment_due":
        due = next((each for each in reversed(fees.of_case(case.pk)) if each.asked_at <= before), None)
        told = said_of(case, due) if due is not None else None
        return "\n\n".join([told.amount, *told.how]) if told is not None and told.is_due else ""
    return ""


def _contact(case: Case) -> str:
    team = case.team
    if team is None:
        return ""
    return _("Pour répondre ou suivre votre demande : %(service)s, %(phone)s. Donnez la référence %(reference)s.") % {
        "service": team.name,
        "phone": team.phone,
        "reference": case.reference,
    }
