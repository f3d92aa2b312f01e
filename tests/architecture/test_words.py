"""What may not be written anywhere in the project."""

import re

from tests.architecture.tree import ROOT, SOURCE, shown

# The State's design system and its font are forbidden to local authorities.
FORBIDDEN_ON_SCREEN = re.compile(r"\bdsfr\b|Marianne|\bfr-(?:btn|card|header|footer)\b")
THIRD_PARTY = re.compile(r"""(?:src|href)=["'](?:https?:)?//(?!schema\.org)""")


def screens():
    return [path for ending in ("*.html", "*.css", "*.js") for path in SOURCE.rglob(ending)]


def test_the_identity_of_the_state_is_not_used():
    assert [shown(path) for path in screens() if FORBIDDEN_ON_SCREEN.search(path.read_text())] == []


def test_no_page_loads_anything_from_elsewhere():
    loads = re.compile(r"""<(?:script|link|img|iframe|video|audio|source)[^>]+(?:src|href)=["'](?:https?:)?//""")
    assert [shown(path) for path in screens() if loads.search(path.read_text())] == []


def test_no_inline_style_or_event_handler():
    inline = re.compile(r"""<[a-z][^>]*\s(?:style|on[a-z]+)=["']""")
    mails = {path for path in screens() if "mail" in path.as_posix()}
    assert [shown(path) for path in screens() if path not in mails and inline.search(path.read_text())] == []


def test_no_town_is_named_in_the_code():
    town = re.compile(r"valmont", re.IGNORECASE)
    code = [path for path in SOURCE.rglob("*.py") if "demo" not in path.parts and "tests" not in path.parts]
    assert [shown(path) for path in code if town.search(path.read_text())] == []


def test_the_layout_page_names_every_folder():
    page = (ROOT / "docs" / "layout.md").read_text()
    rooms = [path for path in SOURCE.rglob("__init__.py") if len(path.relative_to(SOURCE).parts) in {2, 3}]
    products = {"hub", "gru"}
    names = {
        path.parent.name
        for path in rooms
        if len(path.relative_to(SOURCE).parts) == 2 or path.relative_to(SOURCE).parts[0] in products
    } - {"migrations"}
    assert sorted(name for name in names if f"{name}/" not in page and f"`{name}`" not in page) == []
