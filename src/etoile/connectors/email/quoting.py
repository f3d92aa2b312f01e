"""The text of a reply as its author wrote it: without the message it answers, nor the signature below."""

import re
from email.message import EmailMessage, Message
from html.parser import HTMLParser

CUT_HERE = "--- Répondez au-dessus de cette ligne ---"
# Where the quoted message begins, in the words of the usual programs (Outlook, Thunderbird, Gmail, Apple, Zimbra).
BEGINNINGS = (
    re.compile(r"^[>\s]*-{2,}\s*Répondez au-dessus de cette ligne", re.IGNORECASE),
    re.compile(r"^\s*-{2,}\s*(Message d.origine|Original Message|Message transféré|Mail original)\s*-{2,}", re.I),
    re.compile(r"^\s*(Le|On)\b.{4,200}\b(a écrit|wrote)\s*:\s*$", re.IGNORECASE),
    re.compile(r"^\s*_{20,}\s*$"),
    re.compile(r"^\s*\*?(De|From)\s*:\*?\s.*(@|\[mailto)", re.IGNORECASE),
)
# A line of that kind that a program folded in two.
FOLDED = re.compile(r"^\s*(Le|On)\b.{4,200}$", re.IGNORECASE)
SIGNATURE = re.compile(r"^(-- ?|_{2,19})$")
HABITS = re.compile(
    r"^\s*(Envoyé de(puis)? (mon|ma|l.application)|Sent from my|Obtenir Outlook pour)\b.*$", re.IGNORECASE
)
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "hr", "table"})
HIDDEN = frozenset({"style", "script", "head", "title", "blockquote"})


def own_text(message: EmailMessage) -> str:
    """What was written, in plain text; "" when there is none."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = _decoded(part)
    return without_quote(_from_html(text) if part.get_content_type() == "text/html" else text)


def without_quote(text: str) -> str:
    lines = text.replace("\u00a0", " ").splitlines()
    kept: list[str] = []
    for rank, line in enumerate(lines):
        folded = f"{line} {lines[rank + 1]}" if rank + 1 < len(lines) and FOLDED.match(line) else ""
        if any(each.match(line) or (folded and each.match(folded)) for each in BEGINNINGS) or SIGNATURE.match(line):
            break
        if not line.lstrip().startswith(">") and not HABITS.match(line):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return content.decode("windows-1252", "replace")


def _from_html(text: str) -> str:
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.found)


class _Text(HTMLParser):
    """The text of a page, its blocks on lines of their own, without what is hidden or quoted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag in HIDDEN:
            self._hidden += 1
        elif tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in BLOCKS and tag != "br":
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(" ".join(data.split()) if not data.strip() else re.sub(r"\s+", " ", data))
