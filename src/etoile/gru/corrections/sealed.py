"""What a change of answers holds that is sealed: the sensitive ones, typed, before and after."""

from etoile.gru.corrections.models import Revision
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder

HOLDER = Holder(
    Revision._meta.db_table,
    "corrections",
    lambda: Revision.objects.only("answers", "before", "after"),
    {
        "answers": lambda revision: sensitive.renewed(revision.answers, holder=revision.id),
        "before": lambda revision: sensitive.renewed(revision.before, holder=revision.id),
        "after": lambda revision: sensitive.renewed(revision.after, holder=revision.id),
    },
)
