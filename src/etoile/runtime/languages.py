"""The languages a product speaks: French, and each one there are files for. No list is written anywhere.

<package>/**/locale/en/LC_MESSAGES/django.po      delivered, complete (a test checks)
<ETOILE_DATA>/locale/br/LC_MESSAGES/django.po     added by the operator (docs/languages.md)
"""

import re
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po
from django.conf.locale import LANG_INFO

from etoile.runtime.messages import PACKAGE, catalogues

SOURCE: Final = "fr"
CODE: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})?")

OWN_NAME: Final = re.compile(r"X-Language-Name:\s*([^\\\"]+)")


def found(*folders: Path) -> list[tuple[str, str]]:
    """Code and own name of each language with a catalogue under one of these folders, French first.

    A folder that is no language code, or holds nothing that can be read, is left out.
    """
    names = {SOURCE: _name(SOURCE, None)}
    for source in (path for folder in folders for path in catalogues(folder)):
        code = source.parent.parent.name
        if CODE.fullmatch(code) and code.lower().replace("_", "-") not in names:
            name = _name(code, source)
            if name:
                names[code.lower().replace("_", "-")] = name
    return list(names.items())


def delivered(product: str) -> tuple[Path, Path]:
    """Where the catalogues of a product are in the package: its own, and those of the shared look."""
    return PACKAGE / product, PACKAGE / "design"


def introduce(languages: list[tuple[str, str]]) -> None:
    """Tell Django the languages it does not know, so that the switch can name them."""
    for code, name in languages:
        LANG_INFO.setdefault(code, {"bidi": False, "code": code, "name": name, "name_local": name})


def _name(code: str, source: Path | None) -> str:
    """What the language calls itself: as its file says (`X-Language-Name`), else as Django or Babel know it."""
    if source is not None:
        try:
            with source.open("rb") as file:
                read_po(file, abort_invalid=True)
            own = OWN_NAME.search(source.read_text(encoding="utf-8"))
        except (OSError, ValueError, PoFileError):
            return ""
        if own:
            return own[1]
    known = LANG_INFO.get(code.lower().replace("_", "-"), {})
    if known.get("name_local"):
        return known["name_local"].capitalize()
    try:
        return (Locale.parse(code.replace("-", "_")).display_name or code).capitalize()
    except (ValueError, UnknownLocaleError):
        return code
