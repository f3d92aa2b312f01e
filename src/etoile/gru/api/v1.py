"""Version 1 of the API. `openapi.json` is made from the signatures of `operations`; `docs` reads it."""

from ninja import NinjaAPI

from etoile.gru.api import problems
from etoile.gru.api.operations import acts, cases, documents, procedures

api = NinjaAPI(
    title="Étoile GRU",
    version="1",
    description="Démarches et demandes d'une collectivité. Jeton OAuth 2 (client_credentials) à /api/oauth/token.",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api-v1",
)
problems.register(api)
for _each in (procedures.router, cases.router, acts.router, documents.router):
    api.add_router("", _each)
