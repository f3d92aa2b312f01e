"""What a form being filled holds that is sealed: sensitive answers, and all those set aside."""

from typing import Any

from etoile.gru.filling.models import Draft
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder


def renewed(draft: Draft) -> dict[str, Any]:
    found = {
        "answers": sensitive.renewed(draft.answers, holder=draft.id),
        "aside": sensitive.renewed_rows(draft.aside, holder=draft.id),
    }
    return {column: value for column, value in found.items() if value is not None}


HOLDER = Holder("filling_draft", "forms being filled", lambda: Draft.objects.only("answers", "aside"), renewed)
