"""What becomes of a right answer: another charset than announced, a field of another name."""

import json
import re
from collections.abc import Mapping
from typing import Any

ACCENT = "é"


def in_latin1(body: bytes) -> bytes:
    """The same text in latin-1, with one accent at least: without it nobody could see the difference."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    if text and text.isascii():
        text = _accented(text)
    return text.encode("latin-1", "replace")


def _accented(text: str) -> str:
    if text.lstrip().startswith("<"):
        head, end, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
        return f"{head}{end}<!--{ACCENT}-->{rest}"
    try:
        content = json.loads(text)
    except ValueError:
        return text + ACCENT
    if isinstance(content, dict):
        content = {"note": ACCENT, **content}
    elif isinstance(content, list):
        content = [*content, ACCENT]
    return json.dumps(content, ensure_ascii=False)


def renamed(body: bytes, names: Mapping[str, str] | None) -> bytes:
    """The same answer with other names of fields, in JSON or in XML. `names`: old to new; None: every field of a JSON
    answer has a new one."""
    try:
        return json.dumps(_renamed(json.loads(body), names), ensure_ascii=False).encode()
    except ValueError:
        text = body.decode("utf-8", "surrogateescape")
    for old, new in (names or {}).items():
        text = re.sub(rf"(</?(?:[\w.-]+:)?){re.escape(old)}(?=[\s/>])", rf"\g<1>{new}", text)
    return text.encode("utf-8", "surrogateescape")


def _renamed(node: Any, names: Mapping[str, str] | None) -> Any:
    if isinstance(node, list):
        return [_renamed(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        (f"{name}New" if names is None else names.get(name, name)): _renamed(value, names)
        for name, value in node.items()
    }
