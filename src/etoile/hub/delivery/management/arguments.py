"""What is typed after `etoile hub replay`, `messages`… Plain argparse, read by the program and by Django's commands."""

import argparse
import uuid
from datetime import UTC, datetime

STATES = ("pending", "leased", "sent", "acknowledged", "retry_scheduled", "rejected", "dead", "held", "cancelled")
CHOOSING = ("message", "subscription", "application", "state", "case", "since", "until", "words")


def moment(text: str) -> datetime:
    """`2026-11-24`, `2026-11-24T08:00` or with a zone; UTC unless told."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a date such as 2026-11-24 or 2026-11-24T08:00 is expected") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not an identifier") from None


def choosing(parser: argparse.ArgumentParser) -> None:
    """Which deliveries: their identifiers, or criteria that must all hold."""
    parser.add_argument("ids", nargs="*", type=identifier, metavar="DELIVERY")
    parser.add_argument("--message", type=identifier, help="those of one message")
    parser.add_argument("--subscription", help="those of a subscription")
    parser.add_argument("--application", help="those to an application")
    parser.add_argument("--state", action="append", choices=STATES, help="those in this state; may be repeated")
    parser.add_argument("--case", metavar="REFERENCE", help="those about a case")
    parser.add_argument("--since", type=moment, metavar="DATE")
    parser.add_argument("--until", type=moment, metavar="DATE", help="that moment not included")
    parser.add_argument("--words", help="those whose failure was told in these words, or with these among them")


def deciding(parser: argparse.ArgumentParser) -> None:
    choosing(parser)
    parser.add_argument("--reason", required=True, help="why, in words: it is written in the journal")
    parser.add_argument("--dry-run", action="store_true", help="say how many are meant, and do nothing")
    parser.add_argument("--json", action="store_true")


def switching(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subscription")
    parser.add_argument("--reason", required=True, help="why, in words: it is written in the journal")
    parser.add_argument("--json", action="store_true")


def guarding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", choices=("list", "close"), default="list")
    parser.add_argument("subscription", nargs="?", help="the one to close")
    parser.add_argument("--reason", help="to close: why, in words")
    parser.add_argument("--json", action="store_true")


def quarantining(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", choices=("list", "reprocess", "discard"), default="list")
    parser.add_argument("ids", nargs="*", type=identifier, metavar="ANSWER", help="none: all that wait, to reprocess")
    parser.add_argument("--application", help="only what that application said")
    parser.add_argument("--reason", help="to reprocess or discard: why, in words")
    parser.add_argument("--json", action="store_true")


def listing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", type=identifier, metavar="MESSAGE", help="one message, and all its tries")
    parser.add_argument("--case", metavar="REFERENCE")
    parser.add_argument("--source", metavar="APPLICATION", help="said by that application")
    parser.add_argument("--to", metavar="APPLICATION", help="with a delivery to that application")
    parser.add_argument("--type")
    parser.add_argument("--state", choices=(*STATES, "unrouted", "kept"), help="with a delivery in it, or nobody's")
    parser.add_argument("--external", metavar="NUMBER", help="the number an application gave")
    parser.add_argument("--since", type=moment, metavar="DATE")
    parser.add_argument("--until", type=moment, metavar="DATE", help="that moment not included")
    parser.add_argument("--before", type=identifier, metavar="MESSAGE", help="go on after the last one shown")
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--json", action="store_true")
