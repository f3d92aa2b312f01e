"""Names of files: the same for the same delivery, whatever the attempt, and plain on every system."""

import hashlib
import re
import unicodedata

LONGEST = 80
OTHER = re.compile(r"[^A-Za-z0-9_-]+")


def stem(start: str, key: str) -> str:
    """The name without its ending: what the town chose, then what makes it unlike any other."""
    return f"{plain(start) or 'etoile'}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def document(start: str, rank: int, name: str) -> str:
    """The name of a document, beside the file that begins alike."""
    base, dot, ending = name.rpartition(".")
    ending = plain(ending)[:10] if dot else ""
    shown = plain(base if dot else name)[:40] or "piece"
    return f"{start}-{rank:02d}-{shown}" + (f".{ending.lower()}" if ending else "")


def plain(words: str) -> str:
    """Letters without accents, figures, "-" and "_"."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", words) if not unicodedata.combining(each))
    return OTHER.sub("-", bare).strip("-_")[:LONGEST].rstrip("-_")


def temporary(name: str, attempt: int) -> str:
    """The name while it is being written: hidden, so that nobody takes half a file, and of one attempt only: a worker
    taken for dead may still be writing."""
    return f".{name}.{attempt}.part"
