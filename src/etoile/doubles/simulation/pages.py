"""The page a person looks at: what this simulated application received, and what it made of it."""

import json
from datetime import datetime
from html import escape
from string import Template

from etoile.doubles.simulation import people
from etoile.doubles.simulation.profile import Kind, Profile
from etoile.doubles.simulation.store import Item, Store
from etoile.sdk.faults import Switch
from etoile.sdk.faults.page import alert, hands, options

PAGE = Template("""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$name · application simulée</title><style>$style</style></head><body>
<header><p class="mark">application simulée</p><h1>$name</h1><p>$domain. $how</p>$alert</header>
<main>
<section aria-labelledby="recu"><h2 id="recu">Ce que l’application a reçu ($count)</h2>$items</section>$people
<section aria-labelledby="pannes"><h2 id="pannes">Simuler une panne</h2>
<form method="post" action="/_double/faults"><p><label for="fault">Comportement</label>
<select id="fault" name="fault">$faults</select>
<button>Appliquer</button></p></form></section>$clock$routes
</main></body></html>""")

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--tint:#f6f8fa;--accent:#5b3f8c}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--paper:#0d1117;--line:#30363d;--tint:#161b22;
--accent:#c4a7f5}}
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem;font:1.05rem/1.55 system-ui,sans-serif;
color:var(--ink);background:var(--paper)}h1{margin:.2rem 0}h2{margin-top:2.5rem;font-size:1.25rem}h3{margin:0}
.mark{display:inline-block;margin:0;padding:.15rem .7rem;border:2px dashed var(--accent);border-radius:1rem;
color:var(--accent);font-weight:600}.alert{border-left:.35rem solid #c4432b;padding:.5rem 1rem;background:var(--tint)}
article{border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;margin:1rem 0}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.2rem 1.2rem}dt{color:var(--soft)}dd{margin:0;
overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--tint);padding:.8rem}
button,select{font:inherit;padding:.35rem .8rem;border:1px solid var(--accent);border-radius:.35rem;
background:var(--paper);color:var(--ink)}form{display:inline-block;margin:.2rem .4rem .2rem 0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line)}.none{color:var(--soft)}
ul{margin:0;padding-left:1.1rem}dl>*,article{min-width:0}section form{max-width:100%}
select{width:100%;max-width:26rem}code{overflow-wrap:anywhere}
@media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}table,tbody,tr,td{display:block}
thead{display:block;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
td{border:0;padding:.1rem 0}tr{border-bottom:1px solid var(--line);padding:.5rem 0}}
"""

TOLD = {
    "waiting": "en attente",
    "sent": "transmis",
    "refused": "refusé par le hub",
    "lost": "jamais transmis (panne simulée)",
    "kept": "retenu jusqu’au suivant (panne simulée)",
}
FETCHED = {"waiting": "à récupérer", "received": "reçue", "failed": "non récupérée"}
MARKS = {"confirmed": "confirmée par une source publique", "assumed": "supposée"}


def render(profile: Profile, store: Store, switch: Switch) -> str:
    items = sorted(store.find(), key=lambda item: -item.received_at)
    return PAGE.substitute(
        name=escape(profile.name),
        domain=escape(profile.domain),
        how=escape(profile.how),
        style=STYLE,
        alert=alert(switch),
        faults=options(switch),
        clock=hands(store.clock),
        count=len(items),
        items="".join(_item(profile.kinds[item.kind], store, item, tells=profile.tells) for item in items)
        or '<p class="none">Rien pour le moment.</p>',
        people=_people(store),
        routes=_routes(profile),
    )


def _item(kind: Kind, store: Store, item: Item, *, tells: str) -> str:
    documents = "".join(
        f"<li>{escape(row['name'])} ({escape(row['media_type'])}, "
        f"{row['size'] if row['size'] is not None else '?'} octets) : {FETCHED[row['state']]}"
        f"{' — ' + escape(row['error']) if row['error'] else ''}</li>"
        for row in store.rows("SELECT * FROM document WHERE number = ? ORDER BY rowid", item.number)
    )
    changes = "".join(
        f"<li>{_clock(row['at'])} : {escape(' — '.join(filter(None, (row['label'], row['message']))))}</li>"
        for row in store.rows("SELECT * FROM change WHERE number = ? ORDER BY at, rowid", item.number)
    )
    told = store.rows("SELECT state FROM outgoing WHERE number = ? ORDER BY position", item.number)
    news = ", ".join(TOLD[row["state"]] for row in told)
    rows = {
        "Référence de la demande": escape(item.reference),
        "Reçue": _clock(item.received_at),
        "État": f"<strong>{escape(item.label)}</strong> ({escape(item.code)})",
        "Histoire": f"<ul>{changes}</ul>",
        "Pièces": f"<ul>{documents}</ul>" if documents else "aucune",
        "Nouvelles au hub": news or ("le hub vient les lire" if tells == "nothing" else "aucune"),
        "Clé d’idempotence": escape(item.key) or "aucune",
    }
    described = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())
    content = escape(json.dumps(item.payload, ensure_ascii=False, indent=2))
    return (
        f'<article aria-labelledby="{item.number}"><h3 id="{item.number}">{escape(item.number)}</h3>'
        f"<dl>{described}</dl><p>{_buttons(kind, item)}</p>"
        f"<details><summary>Contenu reçu</summary><pre>{content}</pre></details></article>"
    )


def _buttons(kind: Kind, item: Item) -> str:
    return "".join(
        f'<form method="post" action="/_double/items/{item.number}/status">'
        f'<input type="hidden" name="code" value="{escape(step.code)}"><button>{escape(step.label)}</button></form>'
        for step in kind.steps + kind.side_steps
        if step.code != item.code
    )


def _people(store: Store) -> str:
    found = people.known(store)
    if not found:
        return ""
    rows = "".join(
        f"<tr><td><code>{_short(each['person'])}</code></td>"
        f"<td>{escape(json.dumps(each['attributes'], ensure_ascii=False))}</td>"
        f"<td>{f'désormais <code>{_short(into)}</code>' if (into := each['merged_into']) else ''}</td></tr>"
        for each in found
    )
    head = "<tr><th scope=col>Identifiant</th><th scope=col>Données</th><th scope=col>Fusion</th></tr>"
    return (
        '<section aria-labelledby="personnes"><h2 id="personnes">Personnes dont elle a appris un changement</h2>'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></section>"
    )


def _short(identifier: str) -> str:
    return escape(f"{identifier[:12]}…")


def _routes(profile: Profile) -> str:
    if not profile.routes:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(route.method)} {escape(route.path)}</code></td>"
        f"<td>{MARKS[route.mark]}</td><td>{escape(route.note)}</td></tr>"
        for route in profile.routes
    )
    head = "<tr><th scope=col>Adresse</th><th scope=col>Fidélité</th><th scope=col>Remarque</th></tr>"
    return (
        '<section aria-labelledby="adresses"><h2 id="adresses">Adresses simulées</h2>'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></section>"
    )


def _clock(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return escape(moment.strftime("%d/%m/%Y %H:%M:%S,") + f"{milliseconds % 1000:03d}")
