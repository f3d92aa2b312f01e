"""The end of a draft that was sent: it keeps nothing but the fact."""

from collections.abc import Collection, Iterable

from django.utils import timezone

from etoile.gru.documents import services as document_services
from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft

_EMPTIED: dict[str, object] = {
    "answers": {}, "prefilled": {}, "aside": [], "completed": [], "mandate": {}, "code_digest": "", "waived": [],
}  # fmt: skip


def close(draft: Draft, given: Iterable[Document], sent: Collection[str]) -> None:
    """Within the transaction that makes its case. `sent` are fields: what is hidden, or was set aside, goes,
    since the case holds every file of its identifier."""
    for each in given:
        if each.field not in sent:
            document_services.remove(each)
    for name, value in {**_EMPTIED, "confirmed_at": timezone.now()}.items():
        setattr(draft, name, value)
    draft.save(update_fields=[*_EMPTIED, "confirmed_at", "updated_at"])
