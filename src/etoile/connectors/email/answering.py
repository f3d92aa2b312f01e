"""What a reply tells the hub: a status when its first line is a command of the settings, a message to the person."""

import unicodedata
from datetime import datetime
from hashlib import sha256

from etoile.connectors.email.configuration import Replies
from etoile.connectors.email.letters import Letter
from etoile.sdk import Posted, Returned
from etoile.sdk.outcome import MAX_CODE, MAX_LABEL, MAX_MESSAGE

LONGEST_POST = 20_000
FILES = "[{number} joint{s} à la réponse : {it} n’{verb} pas transmis, demandez-l{es} au service.]"


def read(letter: Letter, settings: Replies, number: str, received: datetime) -> Returned | Posted | None:
    """A status, else a message; None when there is nothing to tell."""
    first, _, rest = letter.text.partition("\n")
    label, reason = _command(first, settings)
    if label is not None:
        words = "\n".join(each for each in (reason, rest.strip()) if each)
        told = _with_files(words, letter.files) if settings.forward_text else ""
        return Returned(
            settings.commands[label],
            received,
            business_code=_folded(label)[:MAX_CODE],
            business_label=label[:MAX_LABEL],
            message=told[:MAX_MESSAGE] or None,
            external_id=number,
        )
    body = _with_files(letter.text, letter.files)
    if not settings.forward_text or not body:
        return None
    # The same reply, read twice or by another folder, is one message.
    id = sha256(f"{number}\n{letter.id or received.isoformat()}\n{letter.text}".encode()).hexdigest()[:32]
    return Posted(id, body[:LONGEST_POST], received)


def _command(line: str, settings: Replies) -> tuple[str | None, str]:
    """The command a line is, with what follows its colon. « Traité ce matin » is a sentence, not a command."""
    words, colon, reason = line.strip().partition(":")
    asked = _folded(words.strip(" .!*_"))
    label = next((label for label in settings.commands if _folded(label) == asked), None)
    return (label, reason.strip()) if label is not None and (colon or not reason) else (None, "")


def _folded(text: str) -> str:
    """Without accents, in capitals: « traité » is TRAITE."""
    plain = unicodedata.normalize("NFD", text)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).upper().split())


def _with_files(text: str, files: int) -> str:
    if not files:
        return text
    many = files > 1
    number = f"{files} fichiers" if many else "1 fichier"
    words = FILES.format(
        number=number,
        s="s" if many else "",
        it="ils" if many else "il",
        verb="ont" if many else "a",
        es="es" if many else "e",
    )
    return f"{text}\n\n{words}".strip()
