"""What the other rooms hold about a request or its person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from etoile.gru.archive.models import Hold, SlipLine, Standing
from etoile.gru.audit.models import Entry
from etoile.gru.batches.models import Exported, Item
from etoile.gru.corrections.models import Revision
from etoile.gru.counter.models import Entry as CounterEntry
from etoile.gru.counter.models import Letter
from etoile.gru.desk.models import CaseLabel, Duplicate, Note, Pair
from etoile.gru.documents.models import Document
from etoile.gru.fees.models import Difference, Fee
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.notices.models import Address, Bounce, Notice
from etoile.gru.opinions.models import Opinion
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.ratings.models import Rating
from etoile.gru.rights.holdings.shapes import AGENT, INNER, OTHERS, Held, hidden
from etoile.gru.rights.models import Freeze, Request, Withdrawal
from etoile.gru.rights.subject import Subject


def _documents(subject: Subject) -> Q:
    """Those of the requests, and those given with a correction; an expert's own are the expert's."""
    # Read first: one list of holders is found by the index, two ways to be one are not.
    corrections = Revision.objects.filter(case__in=subject.case_ids).values_list("pk", flat=True)
    return Q(holder__in=[*subject.holders, *corrections])


TABLES = (
    Held(
        Document,
        _("Vos fichiers"),
        ("name", "field", "media_type", "size", "sha256", "state", "threat", "checked_at", "created_at"),
        hidden(INNER, "id", "authority", "holder"),
        where=_documents,
    ),
    Held(
        Notice,
        _("Les courriels et avis qui vous ont été adressés"),
        ("template", "context", "language", "recipient_name", "recipient_email", "state", "created_at", "sent_at"),
        hidden(INNER, "id", "authority", "case_id", "message_id", "attempts", "last_error", "digest"),
    ),
    Held(
        Bounce,
        _("Les courriels qui sont revenus"),
        ("status", "at", "handled_at"),
        {**hidden(INNER, "id", "notice", "case_id"), **hidden(AGENT, "handled_by")},
    ),
    Held(
        Address,
        _("Les courriels que vous voulez recevoir"),
        ("email", "wish", "wished_at", "failed_at"),
        hidden(INNER, "id", "authority"),
        where=lambda subject: Q(authority=subject.authority, email__in=subject.emails),
    ),
    Held(
        Entry,
        _("Qui a lu ou traité vos demandes"),
        ("at", "action", "subject"),
        {
            **hidden(INNER, "id", "authority_id", "case_id", "person_id"),
            **hidden(AGENT, "account_id", "actor"),
            "detail": OTHERS,
        },
        where=lambda subject: Q(case_id__in=subject.case_ids) | Q(person_id__in=subject.people),
    ),
    Held(
        Request,
        _("Ce que vous avez demandé sur vos données"),
        ("kind", "state", "words", "asked_at", "due_on", "extended_at", "extended_because", "answer", "answered_at"),
        {**hidden(INNER, "id", "authority", "case"), **hidden(AGENT, "answered_by")},
    ),
    Held(
        Freeze,
        _("Les gels de vos demandes"),
        ("reason", "placed_at", "lifted_at"),
        {**hidden(INNER, "id", "case", "hold"), **hidden(AGENT, "placed_by", "lifted_by")},
    ),
    Held(
        Withdrawal,
        _("Les accords que vous avez retirés"),
        ("field", "wording", "version", "given_at", "withdrawn_at"),
        hidden(INNER, "id", "case"),
    ),
    Held(
        Fee,
        _("Ce que vous avez à payer"),
        ("amount", "refunded", "state", "how", "words", "due_on", "reference", "reason", "source", "external_id",
         "asked_at", "settled_at", "paid_on"),
        {**hidden(INNER, "id", "case", "told_at"), **hidden(AGENT, "asked_by", "settled_by")},
    ),
    Held(
        Difference,
        _("Les changements de prix de vos demandes"),
        ("before", "after", "amount", "state", "reference", "reason", "found_at", "decided_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "decided_by")},
    ),
    Held(
        Rating,
        _("Votre avis sur le service"),
        ("score", "comment", "comment_state", "rated_at", "read_at"),
        {**hidden(INNER, "id", "authority", "procedure", "team", "case_id"), **hidden(AGENT, "read_by")},
    ),
    Held(
        CounterEntry,
        _("Ce qu’un agent a saisi pour vous"),
        ("channel", "procedure", "received_on", "created_at", "sent_at"),
        {**hidden(INNER, "draft", "authority"), **hidden(AGENT, "account")},
        where=lambda subject: Q(draft__in=subject.case_ids),
    ),
    Held(
        Letter,
        _("Les lettres imprimées pour vous"),
        ("created_at", "sent_at"),
        {**hidden(INNER, "id", "case", "notice"), **hidden(AGENT, "sent_by")},
    ),
    Held(
        CaseLabel,
        _("Les étiquettes mises par le service"),
        ("label", "put_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "account")},
    ),
    Held(
        Item,
        _("Les travaux faits sur plusieurs demandes à la fois"),
        ("batch", "state", "words"),
        hidden(INNER, "id", "number", "case_id"),
    ),
    Held(
        Exported,
        _("Les listes exportées où figuraient vos demandes"),
        ("batch",),
        {**hidden(INNER, "id"), "cases": _("les demandes d’autres personnes, sur la même liste")},
        where=lambda subject: Q(cases__overlap=subject.case_ids),
    ),
    Held(
        Duplicate,
        _("Les demandes arrivées deux fois"),
        ("at",),
        {**hidden(INNER, "case", "kept"), **hidden(AGENT, "account")},
    ),
    Held(
        Standing,
        _("Le départ de vos demandes vers les archives"),
        ("told_at", "leaves_on", "archived_at"),
        hidden(INNER, "case"),
    ),
    Held(
        Hold,
        _("Ce qui garde vos demandes où elles sont"),
        ("reason", "placed_at", "lifted_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "placed_by", "lifted_by")},
    ),
    Held(
        SlipLine,
        _("Les bordereaux des archives"),
        ("reference", "submitted_on", "decided_on", "outcome", "state", "why", "removed_at"),
        hidden(INNER, "id", "slip", "listed_case", "documents", "size", "digest", "removed_in"),
        where=lambda subject: Q(listed_case__in=subject.case_ids),
    ),
    Held(
        OutgoingEvent,
        _("Ce que nous avons envoyé au moteur d’échange"),
        ("type", "state", "created_at", "settled_at", "reason", "body"),
        hidden(INNER, "position", "id", "subject", "authority", "sequence", "attempts", "receivers", "lease",
               "lease_until", "problem"),
        where=lambda subject: Q(subject__in=subject.subjects),
    ),
    Held(
        IncomingEvent,
        _("Ce que des applications nous ont dit de vos demandes"),
        ("source", "type", "state", "why", "received_at", "settled_at", "body"),
        hidden(INNER, "id", "event_id", "subject", "authority", "digest", "case_id"),
    ),
    Held(
        Note,
        _("Les notes entre agents"),
        ("body", "written_at", "withdrawn_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "account", "author_name")},
        on_request="written_at",
        spoken="body",
    ),
    Held(
        Opinion,
        _("Les avis demandés sur vos demandes"),
        ("question", "outcome", "text", "state", "asked_at", "deadline", "given_at"),
        {
            **hidden(INNER, "id", "case", "language", "shared", "expires_on", "reminded_at"),
            **hidden(AGENT, "asked_by", "team"),
            **hidden(OTHERS, "name", "email", "author"),
        },
        on_request="given_at",
        spoken="text",
    ),
    Held(
        Pair,
        _("Les demandes que le service a rapprochées des vôtres"),
        ("kind", "at"),
        {**hidden(INNER, "id", "first", "second"), **hidden(AGENT, "account"), "why": OTHERS},
        where=lambda subject: Q(first_id__in=subject.case_ids) | Q(second_id__in=subject.case_ids),
        on_request="at",
    ),
)  # fmt: skip
