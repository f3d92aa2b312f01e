"""Writes docs/screens.md: `python -m tests.browser.screens`, from the root of the project."""

from tests.browser.gru import entries as gru
from tests.browser.harness import screens
from tests.browser.hub import entries as hub


def main() -> None:
    text = screens.page({"gru": gru.ENTRIES, "hub": hub.ENTRIES})
    (screens.ROOT / "docs" / "screens.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
