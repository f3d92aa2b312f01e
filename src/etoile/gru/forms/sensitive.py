"""Special categories of data (RGPD article 9) are encrypted one value at a time: no index, no search, no reading in a
dump."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from etoile.gru.forms.definition import Definition
from etoile.gru.sealing.boxes import Box, SealError

MARK = "$sealed"
BOX = Box(b"etoile gru sensitive answers")


def seal(definition: Definition, answers: Mapping[str, Any], *, holder: object) -> dict[str, Any]:
    """A copy of `answers` where each sensitive one is `{"$sealed": …}`, readable for this `holder` (draft = case id)
    only.
    """
    secret = {each.id for each in definition.fields if each.sensitive}
    return {key: _seal(value, key, holder) if key in secret else value for key, value in answers.items()}


def seal_one(value: Any, field: str, *, holder: object) -> Any:
    """One value sealed, as `seal` does for the sensitive ones; `open_one` is its inverse."""
    return _seal(value, field, holder)


def open_one(value: Any, field: str, *, holder: object) -> Any:
    """A value in clear, sealed or not. Raises `SealError`."""
    return _open(value, field, holder) if is_sealed(value) else value


def open_sealed(answers: Mapping[str, Any], *, holder: object) -> dict[str, Any]:
    """The answers in clear. Raises `SealError` when one cannot be opened."""
    return {key: _open(value, key, holder) if is_sealed(value) else value for key, value in answers.items()}


def is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {MARK}


def renewed(answers: Mapping[str, Any], *, holder: object) -> dict[str, Any] | None:
    """The same answers, those sealed under the first key; None when they all are. Raises `SealError`."""
    found = {key: _renewed(value, key, holder) for key, value in answers.items() if is_sealed(value)}
    changed = {key: value for key, value in found.items() if value is not None}
    return {**answers, **changed} if changed else None


def renewed_rows(rows: Sequence[Mapping[str, Any]], *, holder: object) -> list[dict[str, Any]] | None:
    """As `renewed`, for answers kept as `[{"field": …, "value": …}]`."""
    found = [renewed({row["field"]: row["value"]}, holder=holder) for row in rows]
    if not any(found):
        return None
    return [{**row, "value": new[row["field"]]} if new else dict(row) for row, new in zip(rows, found, strict=True)]


def _renewed(value: Mapping[str, str], field: str, holder: object) -> dict[str, str] | None:
    again = BOX.renewed(base64.b64decode(value[MARK], validate=True), _bound_to(field, holder))
    return _marked(again) if again is not None else None


def _marked(sealed: bytes) -> dict[str, str]:
    return {MARK: base64.b64encode(sealed).decode()}


def _bound_to(field: str, holder: object) -> bytes:
    return f"{holder}\n{field}".encode()


def _seal(value: Any, field: str, holder: object) -> Any:
    if value is None or is_sealed(value):
        return value
    clear = json.dumps(value, ensure_ascii=False).encode()
    return _marked(BOX.seal(clear, _bound_to(field, holder)))


def _open(value: Mapping[str, str], field: str, holder: object) -> Any:
    try:
        return json.loads(BOX.unseal(base64.b64decode(value[MARK], validate=True), _bound_to(field, holder)))
    except ValueError as error:
        raise SealError(f"la réponse « {field} » ne peut être ouverte avec la clé de ce serveur") from error
