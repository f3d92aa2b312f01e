"""Which pages a person meets, which they may open, and which is next: pages in their order, none skipped (ASVS
2.3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.forms.definition import Page


@dataclass(frozen=True, slots=True)
class Progress:
    """`pages` are the visible ones; `reachable` those that may be opened; `next` the first not done, None when all
    are.
    """

    pages: tuple[Page, ...]
    completed: frozenset[str]

    @property
    def next(self) -> Page | None:
        return next((page for page in self.pages if page.id not in self.completed), None)

    @property
    def complete(self) -> bool:
        return self.next is None

    @property
    def reachable(self) -> tuple[Page, ...]:
        upto = self.pages.index(self.next) + 1 if self.next else len(self.pages)
        return self.pages[:upto]

    def may_open(self, page: Page) -> bool:
        return page in self.reachable

    def number(self, page: Page) -> int:
        """From 1."""
        return self.pages.index(page) + 1

    @property
    def total(self) -> int:
        """The visible pages and the summary."""
        return len(self.pages) + 1

    def before(self, page: Page) -> Page | None:
        position = self.pages.index(page)
        return self.pages[position - 1] if position else None

    def after(self, page: Page) -> Page | None:
        """The page that follows, None when the summary does."""
        position = self.pages.index(page)
        return self.pages[position + 1] if position + 1 < len(self.pages) else None


def progress(evaluated: Evaluated, completed: Sequence[str]) -> Progress:
    pages = tuple(page for page in evaluated.definition.pages if evaluated.sections(page))
    return Progress(pages, frozenset(completed) & {page.id for page in pages})
