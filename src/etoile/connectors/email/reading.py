"""Reading the replies of a mailbox. What was read is put away by the reading *after*: that the cursor came back proves
that the hub has recorded what it said. Killed anywhere, a reading is made again and tells the same.
"""

import json
import math
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from etoile.connectors.email import answering, letters
from etoile.connectors.email.configuration import Replies
from etoile.connectors.email.imap import Fetched, Mailbox
from etoile.connectors.email.letters import Kind, Letter
from etoile.sdk import Polled, Posted

PAGE = 25


@dataclass(slots=True)
class State:
    """What the cursor says. `last`: the highest UID looked at; `away`: those to put away; both hold as long as the
    mailbox keeps its `validity`."""

    validity: int = 0
    last: int = 0
    away: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, cursor: str | None, validity: int) -> "State":
        """A mailbox made anew is read from its beginning: what is told twice is known by the hub as the same."""
        try:
            found = cls(**json.loads(cursor)) if cursor else cls(validity)
        except (ValueError, TypeError):
            found = cls(validity)
        return found if found.validity == validity else cls(validity)

    def dump(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def step(
    mailbox: Mailbox,
    settings: Replies,
    keys: tuple[str, ...],
    domain: str,
    cursor: str | None,
    until: float = math.inf,
) -> Polled:
    """Puts away what was told, then reads a page, cut short at `until` (monotonic clock). Raises MailboxError."""
    mailbox.select()
    state = State.load(cursor, mailbox.validity)
    mailbox.put_away(state.away)
    state.away = []
    waiting = mailbox.after(state.last)
    polled = Polled(None)
    for uid in waiting[:PAGE]:
        # One message at least: however slow the server, each reading goes further than the one before.
        if state.last >= waiting[0] and time.monotonic() > until:
            break
        state.last = uid
        fetched = mailbox.fetch(uid)
        letter = letters.read(fetched.content, keys) if fetched else Letter(Kind.STRANGE)
        # What bears no mark of ours, or says nothing we understand, stays unread where it is, for a person.
        if fetched is not None and _tell(polled, letter, settings, number_of(letter.name, domain), fetched):
            state.away.append(uid)
    # A reading that told something is followed by another one, which puts it away.
    more = bool(state.away) or (bool(waiting) and state.last < waiting[-1])
    return Polled(state.dump(), polled.returned, more, polled.problems, polled.posted, polled.refused)


def number_of(name: bytes, domain: str) -> str:
    """The external number of a delivery: its Message-ID without the seal."""
    return f"<{name.hex()}@{domain}>"


def _tell(polled: Polled, letter: Letter, settings: Replies, number: str, fetched: Fetched) -> bool:
    """Whether the hub has all that it can have of this letter."""
    if letter.kind is Kind.BOUNCE:
        polled.refused.append((number, letter.why))
    elif letter.kind is Kind.REPLY:
        told = answering.read(letter, settings, number, _aware(fetched.received))
        if isinstance(told, Posted):
            polled.posted.append((number, told))
        elif told is not None:
            polled.returned.append((number, told))
        return told is not None
    return letter.kind is not Kind.STRANGE


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
