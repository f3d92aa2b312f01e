"""From the data of a procedure's rules and messages to their shapes."""

import re
from collections.abc import Mapping

from etoile.gru.forms.field_parsing import IDENTIFIER
from etoile.gru.forms.reader import SLUG, Reader
from etoile.gru.forms.rules import FREE, Ineligibility, Price, PriceRule, Route, Tree, Wording

# Of this site or of another one, never a script: these addresses become links.
_LINK = re.compile(r"https?://[^\s<>\"']+|/[^\s<>\"'/][^\s<>\"']*")
LARGEST_AMOUNT = 10_000_000_00


def read_ineligible(r: Reader) -> tuple[Ineligibility, ...]:
    found = []
    for each in r.each("ineligible"):
        read = Ineligibility(
            id=each.word("id", pattern=IDENTIFIER, required=True),
            when=each.condition("when", required=True) or Tree({}),
            message=each.text("message", required=True),
            where=each.text("where"),
            link=each.sentence("link"),
        )
        if read.link and not _LINK.fullmatch(read.link):
            each.problem("link", "une adresse commence par https://, ou par / pour une page de ce site")
        each.nothing_else()
        found.append(read)
    return tuple(found)


def read_routing(r: Reader) -> tuple[Route, ...]:
    found = []
    for each in r.each("routing"):
        when, team = each.condition("when", required=True), each.word("team", pattern=SLUG, required=True)
        each.nothing_else()
        found.append(Route(when or Tree({}), team))
    return tuple(found)


def read_price(r: Reader) -> Price:
    rules = tuple(_rule(each) for each in r.each("rules"))
    r.nothing_else()
    return Price(rules) if rules else FREE


def _rule(r: Reader) -> PriceRule:
    read = PriceRule(
        label=r.text("label", required=True),
        when=r.condition("when"),
        amount=r.whole("amount", minimum=-LARGEST_AMOUNT, maximum=LARGEST_AMOUNT),
        amount_from=r.word("amount_from", pattern=IDENTIFIER),
    )
    if (read.amount is None) == (not read.amount_from):
        r.problem("", "un montant en centimes (amount), ou le champ calculé qui le donne (amount_from) : l'un des deux")
    r.nothing_else()
    return read


def read_messages(r: Reader) -> Mapping[str, Wording]:
    found = {}
    for event, each in r.named("messages"):
        found[event] = Wording(each.text("subject"), each.text("body"))
        each.nothing_else()
    return found
