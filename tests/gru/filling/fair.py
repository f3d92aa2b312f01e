"""A procedure with all that a form can have: a block, a nested condition, a calculated price, a file."""

from typing import Any

from tests.gru.conftest import PROCEDURE


def asked(identifier: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "type": kind, "label": {"fr": identifier.capitalize(), "en": identifier}, **more}


def page(identifier: str, *fields: dict[str, Any]) -> dict[str, Any]:
    section = {"id": identifier.replace("-", "_"), "title": {"fr": "Vos réponses"}, "fields": list(fields)}
    return {"id": identifier, "title": {"fr": identifier.capitalize()}, "sections": [section]}


STANDS = asked(
    "stands",
    "repeated",
    required=True,
    settings={"minimum": 1, "maximum": 4, "row_label": {"fr": "Stand", "en": "Stand"}},
    fields=[
        asked("nom_stand", "text", required=True),
        asked("longueur", "integer", required=True),
        asked("alimentaire", "yes_no", required=True),
        asked("agrement", "text", required=True, visible_when={"field": "alimentaire", "op": "equals", "value": True}),
        asked("photo_stand", "file"),
    ],
)


def source(*extra: dict[str, Any], stands: dict[str, Any] = STANDS) -> dict[str, Any]:
    first = PROCEDURE["pages"][0]
    return {**PROCEDURE, "slug": "brocante", "pages": [page("stands", stands, *extra), first]}
