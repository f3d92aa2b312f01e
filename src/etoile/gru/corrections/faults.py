"""What an agent asks to be corrected: which question, what is wrong with it, in a sentence for the person.

It is kept with the request for documents of the law (CRPA L114-5), of which it is one item: same letter, same clock.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.cases.errors import Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.states import Fault
from etoile.gru.cases.typed import readable
from etoile.gru.corrections.eligible import correctable

SENTENCE_LIMIT = 300


def items(case: Case, faults: Iterable[Mapping[str, str]], *, indispensable: bool) -> list[dict[str, Any]]:
    """The items of the request. `faults` is `[{"field": id, "fault": a `Fault`, "sentence": str}]`.

    Raises `Incomplete` for a question that cannot be corrected, an unknown fault, or a sentence left out.
    """
    open_to = {each.id: each for each in correctable(case)}
    listed = []
    for raw in faults:
        each, sentence = open_to.get(raw.get("field", "")), readable(raw.get("sentence", ""))
        if each is None or raw.get("fault") not in Fault.values:
            raise Incomplete(_("Cette question ne peut pas être corrigée."))
        if not sentence or len(sentence) > SENTENCE_LIMIT:
            raise Incomplete(
                _("« %(label)s » : écrivez en une phrase ce qui est à corriger, %(most)d signes au plus.")
                % {"label": each.label, "most": SENTENCE_LIMIT}
            )
        listed.append(
            {
                "name": each.label.said(case.language),
                "indispensable": indispensable,
                "field": each.id,
                "fault": raw["fault"],
                "sentence": sentence,
            }
        )
    if not listed:
        raise Incomplete(_("Choisissez au moins une réponse à corriger, par exemple « Incorrecte »."))
    return listed


def said(request: DocumentRequest) -> dict[str, str]:
    """What is wrong with each question of a request, in words, by field: « Incorrecte : le numéro est illisible. »."""
    return {
        item["field"]: _("%(fault)s : %(sentence)s")
        % {"fault": Fault(item["fault"]).label, "sentence": item["sentence"]}
        for item in request.items
        if item.get("field")
    }
