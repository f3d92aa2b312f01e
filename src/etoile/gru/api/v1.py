"""Version 1 of the API. `openapi.json` is made from the signatures of `operations`; `docs` reads it."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from etoile.gru.api import describe, problems
from etoile.gru.api.operations import (
    acts,
    batches,
    beside,
    cases,
    corrections,
    differences,
    documents,
    exchanges,
    exports,
    opinions,
    payments,
    people,
    procedures,
)


class Api(NinjaAPI):
    """Operations go by the name of their function; their description is finished by `describe`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**asked)
        describe.complete(schema, {self.get_openapi_operation_id(each): each for each in self.operations()})
        return schema

    def operations(self) -> list[Operation]:
        return [
            operation
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
        ]


api = Api(
    title="Étoile GRU",
    version="1",
    description="Démarches et demandes d'une collectivité. Jeton OAuth 2 (client_credentials) à /api/oauth/token.",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api-v1",
)
problems.register(api)
for _each in (
    procedures, cases, people, acts, corrections, payments, differences, opinions, exchanges, beside, documents,
    batches, exports,
):  # fmt: skip
    api.add_router("", _each.router)
