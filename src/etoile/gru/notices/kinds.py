"""Why a notice leaves: what its reader may choose not to receive, and what counts in the limit of a day."""

from enum import StrEnum

from etoile.gru.notices import rights_words, wording


class Kind(StrEnum):
    # The law wants it sent, or the request stops until its person acts: never withheld, grouped nor counted.
    LEGAL = "legal"
    ASKED_FOR = "asked_for"  # The person asked for this very e-mail a moment ago.
    TO_TEAM = "to_team"
    NEEDED = "needed"  # There is something to read or to do.
    STEP = "step"  # The request moves; nothing to do.
    DIGEST = "digest"


_KINDS = {
    "registration_receipt": Kind.LEGAL,
    "document_asked": Kind.LEGAL,
    "payment_due": Kind.LEGAL,
    "payment_received": Kind.LEGAL,
    "price_changed": Kind.LEGAL,
    "decision": Kind.LEGAL,
    "implicit_decision": Kind.LEGAL,
    "transmitted": Kind.LEGAL,
    "requalified": Kind.LEGAL,
    "leaving_soon": Kind.LEGAL,
    **dict.fromkeys(rights_words.BUILDERS, Kind.LEGAL),
    "tracking_link": Kind.ASKED_FOR,
    "draft_link": Kind.ASKED_FOR,
    "agent_invited": Kind.ASKED_FOR,
    "directory_held": Kind.TO_TEAM,
    "account_code": Kind.ASKED_FOR,
    # Whoever did not ask for it must learn it.
    "passphrase_changed": Kind.LEGAL,
    "account_closed": Kind.LEGAL,
    "account_email": Kind.LEGAL,
    "space_joined": Kind.LEGAL,
    "space_parted": Kind.LEGAL,
    "account_key_added": Kind.LEGAL,
    "account_key_removed": Kind.LEGAL,
    "account_linked": Kind.LEGAL,
    "document_received": Kind.STEP,
    "corrections_received": Kind.STEP,
    "status_changed": Kind.STEP,
    "digest": Kind.DIGEST,
}
# What may be refused or grouped; a one-click unsubscription is offered with these only.
CHOSEN = frozenset({Kind.NEEDED, Kind.STEP, Kind.DIGEST})
UNCOUNTED = (
    *wording.TO_TEAMS,
    *(template for template, kind in _KINDS.items() if kind not in CHOSEN or kind == Kind.DIGEST),
)


def kind_of(template: str) -> Kind:
    """`NEEDED` unless it is said otherwise: a new notice reaches people until somebody decides that it may not."""
    return Kind.TO_TEAM if template in wording.TO_TEAMS else _KINDS.get(template, Kind.NEEDED)
