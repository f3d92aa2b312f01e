"""Sizes are questions asked early: a file stops at 400 lines, a function at 60 (see docs/layout.md)."""

from tests.architecture.tree import ROOT, SOURCE, functions, shown, sources

FILE_LINES = 400
FUNCTION_LINES = 60
# path -> (reason, date it ends). Empty is the normal state.
EXCEPTIONS: dict[str, tuple[str, str]] = {}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc", "shared", "lib"}


def test_no_file_is_longer_than_400_lines():
    long = {shown(path): lines for path in sources() if (lines := path.read_text().count("\n")) > FILE_LINES}
    assert {path: lines for path, lines in long.items() if path not in EXCEPTIONS} == {}


def test_no_template_or_style_sheet_is_longer_than_400_lines():
    files = [path for ending in ("*.html", "*.css", "*.js") for path in SOURCE.rglob(ending)]
    assert {shown(path): n for path in files if (n := path.read_text().count("\n")) > FILE_LINES} == {}


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_an_exception_names_a_file_that_exists():
    assert [path for path in EXCEPTIONS if not (ROOT / path).exists()] == []


def test_no_module_is_a_drawer():
    assert [shown(path) for path in sources() if path.stem in DRAWERS or path.parent.name in DRAWERS] == []
