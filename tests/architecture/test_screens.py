"""docs/screens.md shows the entries that are named to be shown, and its images are there and small."""

import re

from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")
IMAGES = re.findall(r"!\[(.+?), (?:light|dark|phone)\]\((images/screens/.+?)\)", PAGE)
BROWSER = ROOT / "tests" / "browser"
ENTRIES = [
    path.read_text(encoding="utf-8")
    for name in ("gru", "hub")
    for path in (BROWSER / name / "entries.py", *sorted((BROWSER / name).glob("*_entries.py")))
]
MOST_BYTES = 1_500_000


def test_each_page_named_to_be_shown_is_shown_three_times():
    named = [words for source in ENTRIES for words in re.findall(r'shown_as="(.+?)"', source)]
    assert len(named) > 12
    assert [words for words, _ in IMAGES] == [words for words in named for _ in range(3)]


def test_the_images_are_there_and_small():
    kept = {f"images/screens/{path.name}" for path in (ROOT / "docs" / "images" / "screens").iterdir()}
    assert kept == {path for _, path in IMAGES}
    assert sum((ROOT / "docs" / path).stat().st_size for path in kept) < MOST_BYTES
