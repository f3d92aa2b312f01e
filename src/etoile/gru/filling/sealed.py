"""What a form being filled holds that is sealed: sensitive answers, and all those set aside."""

from etoile.gru.filling.models import Draft
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder

HOLDER = Holder(
    Draft._meta.db_table,
    "forms being filled",
    lambda: Draft.objects.only("answers", "aside"),
    {
        "answers": lambda draft: sensitive.renewed(draft.answers, holder=draft.id),
        "aside": lambda draft: sensitive.renewed_rows(draft.aside, holder=draft.id),
    },
)
