"""The page a person looks at: what a simulated system holds, and how to make it misbehave."""

import json
from collections.abc import Iterable
from html import escape
from string import Template
from typing import Any

from etoile.sdk.faults.clock import Clock
from etoile.sdk.faults.kinds import VOCABULARY
from etoile.sdk.faults.switch import Switch

PAGE = Template("""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$name · application simulée</title><style>$style</style></head><body>
<header><p class="mark">application simulée</p><h1>$name</h1><p>$what</p>$alert</header>
<main><section aria-labelledby="recu"><h2 id="recu">Ce qu’elle contient ($count)</h2>$held</section>$move
<section aria-labelledby="pannes"><h2 id="pannes">Simuler une panne</h2>
<form method="post" action="/_double/faults"><p><label for="fault">Comportement</label>
<select id="fault" name="fault">$options</select> <button>Appliquer</button></p></form></section>$clock
</main></body></html>""")

CLOCK = """
<section aria-labelledby="horloge"><h2 id="horloge">Son horloge</h2><p>{now}</p>
<form method="post" action="/_double/clock"><input type="hidden" name="advance" value="3600">
<button>Avancer d’une heure</button></form>
<form method="post" action="/_double/clock"><button>Revenir à l’heure réelle</button></form></section>"""

MOVE = """
<section aria-labelledby="etats"><h2 id="etats">Changer un état</h2><form method="post" action="/_double/move">
<p><label>Numéro <input name="number" required></label> <label>Code <input name="code" required></label>
<label>Libellé <input name="label" required></label> <button>Changer</button></p></form></section>"""

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--tint:#f6f8fa;--accent:#5b3f8c}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--paper:#0d1117;--line:#30363d;--tint:#161b22;
--accent:#c4a7f5}}
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem;font:1.05rem/1.55 system-ui,sans-serif;
color:var(--ink);background:var(--paper)}h1{margin:.2rem 0}h2{margin-top:2.5rem;font-size:1.25rem}
.mark{display:inline-block;margin:0;padding:.15rem .7rem;border:2px dashed var(--accent);border-radius:1rem;
color:var(--accent);font-weight:600}.alert{border-left:.35rem solid #c4432b;padding:.5rem 1rem;background:var(--tint)}
article{border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;margin:1rem 0}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.2rem 1.2rem;margin:0}dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}dl>*{min-width:0}.none{color:var(--soft)}
button,select,input{font:inherit;padding:.35rem .8rem;border:1px solid var(--accent);border-radius:.35rem;
background:var(--paper);color:var(--ink)}select{width:100%;max-width:40rem}
label{display:inline-block;margin:.2rem .6rem .2rem 0;max-width:100%}input{max-width:100%}
form{display:inline-block;margin:.2rem .4rem .2rem 0;max-width:100%}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
"""


def render(name: str, what: str, held: list[dict[str, Any]], switch: Switch, clock: Clock, moves: bool) -> str:
    """`held`: oldest first; shown newest first. `moves`: a thing held has a state that can be changed."""
    return PAGE.substitute(
        name=escape(name),
        what=escape(what),
        style=STYLE,
        alert=alert(switch),
        count=len(held),
        held="".join(_thing(each) for each in reversed(held)) or '<p class="none">Rien pour le moment.</p>',
        options=options(switch),
        move=MOVE if moves else "",
        clock=hands(clock),
    )


def alert(switch: Switch) -> str:
    """The banner of the fault in force, or nothing."""
    if switch.current is None:
        return ""
    words = VOCABULARY[switch.current.fault].french
    return f'<p class="alert" role="status">Panne simulée en cours. {escape(words)}</p>'


def hands(clock: Clock) -> str:
    """The section that shows the clock and moves it."""
    return CLOCK.format(
        now=f"{clock.now():%d/%m/%Y %H:%M:%S} UTC, {'à l’heure réelle' if clock.real else 'réglée à la main'}."
    )


def options(switch: Switch) -> str:
    """The choices of the selector of faults, in the order of the vocabulary."""
    chosen = switch.current.fault if switch.current else None
    kinds: Iterable[Any] = (kind for kind in VOCABULARY.values() if kind.name in switch.kinds)
    return '<option value="">Fonctionne normalement.</option>' + "".join(
        f'<option value="{kind.name}"{" selected" if kind.name == chosen else ""}>{escape(kind.french)}</option>'
        for kind in kinds
    )


def _thing(thing: dict[str, Any]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(_text(value))}</dd>" for name, value in thing.items())
    return f"<article><dl>{rows}</dl></article>"


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value) or "aucune"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
