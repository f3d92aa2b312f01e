"""The filters of the catalogue: what is in the address, the fields that show it, the cards it keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.fields import FieldView, Option
from etoile.design.parts import Choice
from etoile.gru.portal import themes
from etoile.gru.portal.catalogue import Card, Group
from etoile.gru.portal.search import LONGEST

HOW: dict[str, str | Promise] = {
    "en-ligne": gettext_lazy("En ligne"),
    "sans-document": gettext_lazy("En ligne, sans document à fournir"),
    "sur-place": gettext_lazy("Sur place, par téléphone ou ailleurs"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """`public` and `how` are empty when they are none of the known ones: a wrong address shows everything."""

    asked: str = ""
    theme: str = ""
    public: str = ""
    how: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        public, how = given.get("public", ""), given.get("comment", "")
        return cls(
            asked=given.get("q", "").strip()[:LONGEST],
            theme=given.get("theme", "").strip()[:LONGEST],
            public=public if public in themes.AUDIENCES else "",
            how=how if how in HOW else "",
        )

    def keep(self, cards: Iterable[Card]) -> list[Card]:
        return [card for card in cards if self._keeps(card)]

    def _keeps(self, card: Card) -> bool:
        if self.theme and card.category != self.theme:
            return False
        if self.public and card.audience and self.public not in card.audience:
            return False
        if self.how == "sur-place":
            return not card.is_online
        return not self.how or (card.is_online and not (self.how == "sans-document" and card.needs_documents))

    def fields(self, groups: Iterable[Group]) -> tuple[FieldView, ...]:
        everything = Option("", _("Tous"))
        known = [Option(each.slug, str(each.words), checked=each.slug == self.theme) for each in groups]
        publics = [Option(slug, str(said), checked=slug == self.public) for slug, said in themes.AUDIENCES.items()]
        ways = [Option(slug, str(said), checked=slug == self.how) for slug, said in HOW.items()]
        return (
            FieldView("theme", _("Thème"), "select", value=self.theme, options=(everything, *known)),
            FieldView("public", _("Vous êtes"), "select", value=self.public, options=(everything, *publics)),
            FieldView("comment", _("Comment"), "select", value=self.how, options=(everything, *ways)),
        )

    def removable(self, address: str) -> list[Choice]:
        """One address for each filter in force: the same page without it."""
        said = {
            "q": f"« {self.asked} »" if self.asked else "",
            "theme": str(themes.theme_words(self.theme)) if self.theme else "",
            "public": str(themes.AUDIENCES.get(self.public, "")),
            "comment": str(HOW.get(self.how, "")),
        }
        return [Choice(words, self.address(address, without=key), icon="cross") for key, words in said.items() if words]

    def address(self, path: str, *, without: str = "") -> str:
        given = {"q": self.asked, "theme": self.theme, "public": self.public, "comment": self.how}
        query = urlencode({key: value for key, value in given.items() if value and key != without})
        return f"{path}?{query}" if query else path
