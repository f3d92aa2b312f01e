"""The keys of a workflow, in the order people read them."""

from etoile.gru.access.models import Role
from etoile.gru.forms.grammar import DURATION, IDENTIFIER, SLUG, Condition, Flag, Items, Key, Named, Node, Word, Words
from etoile.gru.forms.workflow import shapes

TEXT, NAME = Words(), Word(IDENTIFIER)
MESSAGE = Node("step_message", (Key("subject", TEXT), Key("body", TEXT)))
SITUATION = Node("situation", (Key("label", TEXT), Key("explanation", TEXT, "Read by the person.")))
TRANSITION = Node(
    "transition",
    (
        Key("id", NAME, required=True),
        Key("from", Items(Word(among=shapes.STATES)), required=True),
        Key("to", Word(among=shapes.STATES), required=True),
        Key("label", TEXT, "The words of the button."),
        Key("done", TEXT, "What the history and the person read once it is made."),
        Key("who", Items(Word(among=Role.values)), "Roles; left out: whoever may treat, or decide."),
        Key("when", Condition(), "A condition on the answers."),
        Key("reason", Flag(), "A reason is required."),
        Key("waits_for", Word(among=(shapes.OPINION_ASKED, shapes.PAYMENT_DUE))),
        Key("message", MESSAGE, "Told to the person."),
        Key("documents", Items(NAME), "Documents of the list that are asked."),
        Key("team", Word(SLUG), "The team that takes over."),
    ),
)
TIMER = Node(
    "timer",
    (
        Key("id", NAME, required=True),
        Key("after", Word(DURATION), required=True),
        Key("from", Items(Word(among=shapes.OPEN)), "Left out: any open state."),
        Key("waiting", Word(among=shapes.SUBSTATES), "What the request waits for; left out: nothing in particular."),
        Key("do", Word(among=shapes.ACTIONS), required=True),
        Key("team", Word(SLUG), "For escalate: the team that takes over."),
        Key("reason", TEXT, "For close: what the person reads."),
        Key("message", MESSAGE, "For remind: what the person reads."),
    ),
)
WORKFLOW = Node(
    "workflow",
    (
        Key("states", Named(SITUATION), "The procedure's own words for the states."),
        Key("transitions", Items(TRANSITION), "All the moves of the agents; left out: the usual ones."),
        Key("timers", Items(TIMER)),
    ),
)
