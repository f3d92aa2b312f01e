"""From a paper to the bytes of its PDF."""

import json
import re
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from etoile.gru.papers.paper import Paper

STANDARDS = ["a-3a", "ua-1"]
LARGEST = 2_000_000
_TEMPLATE = (Path(__file__).parent / "paper.typ").read_bytes()
_COLOUR = re.compile(r"\A#[0-9a-f]{6}\Z")
_INK = "#1d2a2e"
# What XML and the fonts refuse; a tab and a line feed stay.
_HIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


# What the fonts of the wheel draw for certain: the alphabets of Europe, punctuation, currencies, arrows, mathematics.
_DRAWN = ((0, 0x530), (0x1E00, 0x2000), (0x2000, 0x20D0), (0x2100, 0x2150), (0x2190, 0x2300))
SUBSTITUTE = "\u25a1"


class PaperError(Exception):
    """The paper cannot be made; the sentence is for an agent."""


def pdf(paper: Paper, *, fonts: str = "") -> bytes:
    """PDF/UA-1 and PDF/A-3a. The same paper gives the same bytes, whatever the machine and the hour.

    What people wrote is data for the template, never markup: nothing in it can be executed. `fonts` is a folder of more
    fonts (Arabic, Chinese, drawings); a character that no font has is printed as an empty square, since a letter with a
    hole is worth more than no letter. Raises `PaperError`.
    """
    raw = paper.raw()
    raw["colour"] = paper.colour if _COLOUR.match(paper.colour) else _INK
    data = json.dumps(_clean(raw), ensure_ascii=False)
    if len(data) > LARGEST:
        raise PaperError(_("Ce document est trop long pour être mis en page."))
    try:
        return _compiled(data, fonts)
    except typst.TypstError:
        try:
            return _compiled("".join(each if _is_drawn(each) else SUBSTITUTE for each in data), fonts)
        except typst.TypstError as error:
            raise PaperError(_("Ce document n'a pas pu être mis en page.")) from error


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_HIDDEN)
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _compiled(data: str, fonts: str) -> bytes:
    return typst.compile(  # type: ignore[call-overload]
        _TEMPLATE,
        format="pdf",
        pdf_standards=STANDARDS,
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        font_paths=[fonts] if fonts else [],
    )


def _is_drawn(character: str) -> bool:
    return any(first <= ord(character) < after for first, after in _DRAWN)
