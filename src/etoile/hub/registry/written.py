"""A tree kept as it was written: the order of names says the order of the elements of a file, and `jsonb` loses it."""

import json
from typing import Any

from django.db import models
from psycopg.types.json import Json


class WrittenField(models.JSONField):
    """JSON kept in the database's `json` type, names in their order."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        # The driver reads this type by itself.
        return super().from_db_value(value, expression, connection) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return Json(value)


def same(one: Any, other: Any) -> bool:
    """Whether two trees are written alike, order included."""
    return json.dumps(one) == json.dumps(other)
