"""What the connector let out: nothing personal nor secret in logs and details, and words an agent can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etoile.sdk.conformance.bench import CANARIES, PHRASE, STREET, Bench
from etoile.sdk.conformance.findings import Failed, Untested

MIN_SECRET = 5
JARGON = re.compile(
    r"\b(HTTP|HTTPS|JSON|XML|HTML|SQL|SSL|TLS|API|URL|TCP|SMTP|timeout|time-out|exception|traceback|error|null|None|"
    r"socket|status|stack|payload|endpoint|token|[45]\d\d)\b"
)
# Words that no French sentence of some length does without, and letters that English has not.
FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ]|\b(le|la|les|un|une|de|des|du|est|pas|sur|au|aux|en|et|ne|se|nos|notre|votre)\b|[ldns]’",
    re.IGNORECASE,
)


async def discretion(bench: Bench) -> str:
    """Neither the logs at DEBUG nor `detail` hold a canary of the events, or a secret."""
    if not bench.outcomes and not bench.said:
        raise Untested("rien n’a été appelé")
    hidden = dict(_hidden(bench))
    places = {
        "les journaux": "\n".join(bench.logs),
        "le détail technique": "\n".join([each.detail for each in bench.outcomes] + bench.details),
        "les phrases": "\n".join([each.message for each in bench.outcomes] + bench.said),
    }
    found = [
        f"{name} dans {place}" for place, text in places.items() for name, value in hidden.items() if value in text
    ]
    if found:
        raise Failed(" ; ".join(found))
    return f"{len(hidden)} valeurs cherchées dans {len(bench.logs)} lignes de journal et {len(bench.outcomes)} issues"


def _hidden(bench: Bench) -> Iterator[tuple[str, str]]:
    for name, value in {**CANARIES, "address": STREET, "answers": PHRASE}.items():
        yield f"une donnée personnelle ({name})", value
    for given in (bench.double.secrets, bench.double.wrong_secrets):
        for name, value in given.items():
            if len(value) >= MIN_SECRET:
                yield f"le secret « {name} »", value


async def words(bench: Bench) -> str:
    """Each outcome that asks for something says it, in French, without a code."""
    if not bench.outcomes and not bench.said:
        raise Untested("rien n’a été appelé")
    wrong = []
    if any(not each.message.strip() for each in bench.outcomes if not each.kind.settles):
        wrong.append("une issue ne dit rien à l’agent")
    for text in dict.fromkeys([each.message for each in bench.outcomes] + bench.said):
        if code := JARGON.search(text):
            wrong.append(f"« {text} » contient « {code.group()} »")
        elif text and not FRENCH.search(text):
            wrong.append(f"« {text} » n’est pas une phrase en français")
    if wrong:
        raise Failed(" ; ".join(wrong))
    return f"{len({each.message for each in bench.outcomes} | set(bench.said))} phrases relues"
