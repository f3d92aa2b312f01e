"""What the requests themselves hold: the request, its conversation, its decisions, its path."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases.models import (
    Case,
    CaseWords,
    Decision,
    DocumentRequest,
    Handoff,
    History,
    Message,
    SourcePosition,
)
from etoile.gru.corrections.models import Revision
from etoile.gru.filling.models import Draft
from etoile.gru.recognition.models import Identified
from etoile.gru.requalification.models import Requalification
from etoile.gru.rights.holdings.shapes import AGENT, INNER, SECRET, Held, hidden

TABLES = (
    Held(
        Case,
        _("Vos demandes"),
        ("reference", "procedure_version", "team", "sector", "channel", "language", "contact_name", "contact_email",
         "mandate", "state", "substate", "business_code", "business_label", "answers", "submitted_at", "started_at",
         "decided_at", "updated_at", "silence_regime", "silence_date", "first_received_on", "competent_on",
         "implicit_on", "answer_due_at", "answered_at", "due_on", "waiting_since", "timer_at"),
        {
            **hidden(INNER, "id", "authority", "person", "version", "sequence", "correlation", "history_number",
                     "history_hash", "silence_alert", "answer_alert", "timers_fired"),
            **hidden(SECRET, "tracking_hash", "tracking_sealed"),
            **hidden(AGENT, "assignee"),
        },
        where=lambda subject: Q(pk__in=subject.case_ids),
    ),
    Held(
        Identified,
        _("Votre identité, confirmée à l’envoi"),
        ("platform", "level", "name", "at"),
        hidden(INNER, "case"),
    ),
    Held(
        Message,
        _("Vos échanges avec le service"),
        ("author", "author_name", "body", "sent_at", "read_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "account")},
    ),
    Held(
        DocumentRequest,
        _("Ce qui vous a été demandé"),
        ("items", "wording", "deadline", "state", "asked_at", "answered_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "asked_by")},
    ),
    Held(
        Decision,
        _("Les décisions"),
        ("outcome", "reasons", "text", "signatory", "capacity", "service", "decided_at", "implicit", "attestation",
         "attested_at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "account")},
    ),
    Held(
        History,
        _("Le chemin de vos demandes"),
        ("at", "verb", "actor_kind", "actor", "from_state", "to_state", "substate", "reason", "detail"),
        {**hidden(INNER, "id", "case", "number", "previous_hash", "hash"), **hidden(AGENT, "account")},
    ),
    Held(
        Handoff,
        _("Ce qui est parti vers un logiciel métier"),
        ("application", "application_name", "message_type", "state", "external_id", "detail", "occurred_at"),
        hidden(INNER, "id", "case", "delivery", "subscription", "attempts"),
    ),
    Held(
        SourcePosition,
        _("Ce qu’un logiciel métier en a dit en dernier"),
        ("source", "external_id", "status", "occurred_at", "updated_at"),
        hidden(INNER, "id", "case", "sequence"),
    ),
    Held(
        Draft,
        _("Les brouillons de vos demandes"),
        ("mandate", "answers", "prefilled", "waived", "completed", "aside", "created_at", "updated_at", "expires_at",
         "confirmed_at"),
        {**hidden(INNER, "id", "version"), **hidden(SECRET, "key_digest", "other_keys", "code_digest")},
        where=lambda subject: Q(pk__in=subject.holders),
    ),
    Held(
        Revision,
        _("Les réponses changées après l’envoi"),
        ("author", "answers", "before", "after", "reason", "started_at", "updated_at", "sent_at"),
        {**hidden(INNER, "id", "case", "request", "version"), **hidden(AGENT, "account")},
    ),
    Held(
        Requalification,
        _("Les changements de démarche"),
        ("before", "after", "aside", "reason", "at"),
        {**hidden(INNER, "id", "case"), **hidden(AGENT, "by")},
        holder="case_id",
    ),
    Held(
        CaseWords,
        _("Les mots par lesquels une demande se trouve"),
        ("words",),
        hidden(INNER, "case"),
    ),
)  # fmt: skip
