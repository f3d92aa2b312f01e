"""The history of a procedure: a line for each thing done to it, whoever did it and wherever from."""

from collections.abc import Mapping
from typing import Any

from etoile.gru.access.models import Account
from etoile.gru.forms.models import ProcedureChange, ProcedureVersion


def record(
    version: ProcedureVersion,
    verb: str,
    *,
    by: Account | None,
    why: str = "",
    subject: Mapping[str, Any] | None = None,
    before: dict[str, Any] | None = None,
) -> ProcedureChange:
    """`verb` is a word of `editing.history.VERBS`; `before`, the source as it was, lets the change be undone."""
    return ProcedureChange.objects.create(
        procedure_id=version.procedure_id,
        version_number=version.number,
        revision=version.revision,
        by=by,
        verb=verb,
        subject=dict(subject or {}),
        why=why.strip(),
        before=before,
    )
