"""A procedure's data, key by key: one table for the canonical form, for the published schema and for its readers."""

from typing import Any

from etoile.gru.forms.definition import APPLICANT_KEYS
from etoile.gru.forms.field_parsing import PREFILLS, PRIVACIES
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.grammar import (
    DURATION,
    IDENTIFIER,
    SLUG,
    Condition,
    Flag,
    Free,
    Items,
    Key,
    Later,
    Named,
    Node,
    Whole,
    Word,
    Words,
)
from etoile.gru.forms.parsing import AUDIENCES, BASES, FATES, HTTPS, REGIMES, TREATMENTS
from etoile.gru.forms.rule_parsing import LARGEST_AMOUNT
from etoile.gru.forms.workflow.layout import WORKFLOW
from etoile.gru.identity.platforms import LEVELS

TEXT, PLAIN, NAME, WHEN = Words(), Word(), Word(IDENTIFIER), Condition()


def _settings_in_order(found: dict[str, Any]) -> dict[str, Any]:
    """Settings in the order their type names them; those that people read as texts."""
    given = found.get("settings")
    kind = TYPES.get(str(found.get("type")))
    if not given or kind is None:
        return found
    known = {name: wanted for name, wanted in kind.settings.items() if name in given}
    ordered = {name: _setting(given[name], wanted) for name, wanted in known.items()}
    return {**found, "settings": {**ordered, **_sorted({name: given[name] for name in given.keys() - known.keys()})}}


def _setting(value: Any, wanted: Any) -> Any:
    if wanted == (str, dict):
        return TEXT.canonical(value)
    return _sorted(value)


def _sorted(value: Any) -> Any:
    """The database does not keep the order of keys, and what has no order of ours has that of the alphabet."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


OPTION = Node("option", (Key("value", PLAIN, required=True), Key("label", TEXT, required=True), Key("hint", TEXT)))
PREFILL = Node(
    "prefill",
    (Key("from", Word(among=PREFILLS), required=True), Key("attribute", Word("[a-z][a-z0-9_.]{0,79}"), required=True)),
)
FIELD: Node = Node(
    "field",
    (
        Key("id", NAME, "Stable for ever: answers, conditions and business applications use it.", required=True),
        Key("type", Word(among=sorted(TYPES)), required=True),
        Key("label", TEXT, "The question."),
        Key("hint", TEXT, "How to answer it."),
        Key("purpose", TEXT, "Why it is asked; no field without one is published."),
        Key("required", Flag()),
        Key("required_when", WHEN),
        Key("visible_when", WHEN, "What is hidden is neither required nor sent."),
        Key("privacy", Word(among=PRIVACIES), "Sensitive answers are encrypted one by one."),
        Key("source", PLAIN, "entered, internal or api:<provider>."),
        Key("autocomplete", PLAIN, "WCAG 1.3.5 token, for what is about the person who types."),
        Key("applicant", Word(among=APPLICANT_KEYS), "What it tells of the applicant."),
        Key("document", NAME, "For a file: the document of the list it answers."),
        Key("prefill", PREFILL, "Where a first answer comes from."),
        Key("readonly_when_prefilled", Flag()),
        Key("options", Items(OPTION)),
        Key("settings", Free(), "According to the type."),
        Key("fields", Items(Later(lambda: FIELD), uses=True), "The questions of each row of a repeated block."),
    ),
    finish=_settings_in_order,
)
SECTION = Node(
    "section",
    (
        Key("id", NAME, required=True),
        Key("title", TEXT),
        Key("explanation", TEXT),
        Key("visible_when", WHEN),
        Key("fields", Items(FIELD, uses=True)),
    ),
)
PAGE = Node(
    "page",
    (
        Key("id", Word(SLUG), "Its address.", required=True),
        Key("title", TEXT, required=True),
        Key("sections", Items(SECTION, uses=True)),
    ),
)
DECLARATION = Node(
    "declaration",
    (
        Key("id", NAME, required=True),
        Key("label", TEXT, required=True),
        Key("hint", TEXT),
        Key("purpose", TEXT),
        Key("required", Flag(default=True)),
    ),
)
DOCUMENT = Node(
    "document",
    (
        Key("id", NAME, required=True),
        Key("label", TEXT, required=True),
        Key("hint", TEXT),
        Key("indispensable", Flag(), "Only these may suspend the legal clock."),
        Key("obtainable_from", PLAIN, "The administration the authority may ask instead of the person."),
    ),
)
SILENCE = Node(
    "silence",
    (Key("regime", Word(among=REGIMES)), Key("duration", Word(DURATION)), Key("basis", TEXT)),
)
LEGAL = Node("legal", (Key("reference", PLAIN, required=True), Key("note", TEXT), Key("to_check", Flag())))
RETENTION = Node(
    "retention",
    (
        Key("active", Word(DURATION)),
        Key("intermediate", Word(DURATION)),
        Key("basis", TEXT),
        Key("final_fate", Word(among=FATES)),
    ),
)
REGISTER = Node(
    "register",
    (
        Key("purpose", TEXT),
        Key("basis", Word(among=BASES)),
        Key("basis_reference", TEXT),
        Key("persons", TEXT),
        Key("data", TEXT),
        Key("recipients", Items(TEXT)),
        Key("security", Items(TEXT)),
        Key("retention", RETENTION),
    ),
)
REFUSAL = Node(
    "refusal",
    (
        Key("id", NAME, required=True),
        Key("when", WHEN, required=True),
        Key("message", TEXT, "Why nothing can be asked here.", required=True),
        Key("where", TEXT, "Where to go instead."),
        Key("link", PLAIN),
    ),
)
ROUTE = Node("route", (Key("when", WHEN, required=True), Key("team", Word(SLUG), required=True)))
PRICE_RULE = Node(
    "price_rule",
    (
        Key("label", TEXT, required=True),
        Key("when", WHEN),
        Key("amount", Whole(-LARGEST_AMOUNT, LARGEST_AMOUNT), "Cents."),
        Key("amount_from", NAME, "A calculated field of result amount."),
    ),
)
PRICE = Node("price", (Key("rules", Items(PRICE_RULE)),))
WORDING = Node("wording", (Key("subject", TEXT), Key("body", TEXT)))

PROCEDURE = Node(
    "procedure",
    (
        Key("slug", Word(SLUG), "Its address: /demarches/<slug>/.", required=True),
        Key("title", TEXT, required=True),
        Key("summary", TEXT),
        Key("who", TEXT, "Who may ask."),
        Key("cost", TEXT),
        Key("delay", TEXT),
        Key("category", PLAIN),
        Key("life_event", PLAIN),
        Key("audience", Items(Word(among=AUDIENCES))),
        Key("keywords", Items(PLAIN)),
        Key("steps", Items(TEXT), "What will happen, one text a step."),
        Key("confirmation", TEXT, "What happens next, told on the receipt."),
        Key("non_digital", TEXT, "The other way to ask."),
        Key("feedback_link", Word(HTTPS), "Where to say more once it is rated, such as « Je donne mon avis »."),
        Key("team", Word(SLUG), "The team in charge."),
        Key("routing", Items(ROUTE), "The first that holds names the team instead."),
        Key("treatment", Word(among=TREATMENTS)),
        Key("identity", Word(among=LEVELS), "The level at which FranceConnect must say who sends; left out: none."),
        Key("discreet", Flag(), "E-mails name neither the procedure nor its team."),
        Key("answer_within", Word(DURATION), "A first answer is promised in that time."),
        Key("silence", SILENCE, "What silence means, when, by which text."),
        Key("legal", Items(LEGAL)),
        Key("register", REGISTER, "The record of article 30 RGPD."),
        Key("documents", Items(DOCUMENT)),
        Key("declarations", Items(DECLARATION), "Boxes to tick before sending."),
        Key("ineligible", Items(REFUSAL)),
        Key("price", PRICE),
        Key("messages", Named(WORDING), "By event; what is left out keeps the usual words."),
        Key("workflow", WORKFLOW, "How requests are treated; left out: the usual way."),
        Key("pages", Items(PAGE, uses=True)),
    ),
)
