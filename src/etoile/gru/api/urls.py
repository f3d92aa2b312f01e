"""Addresses of the API. Each operation asks for a token; the token door, the description and its page are public."""

from django.urls import URLPattern, path
from oauth2_provider.views import TokenView

from etoile.gru.api import views
from etoile.gru.api.problems import in_one_form
from etoile.gru.api.security import Needs
from etoile.gru.api.v1 import api

# The scope each operation asks for, by the name of its route: a test lists the routes that ask for nothing.
_scopes = {
    operation.view_func.__name__: auth.scope
    for operation in api.operations()
    for auth in operation.auth_callbacks
    if isinstance(auth, Needs)
}
operations, _app, _namespace = api.urls
for _each in operations:
    if isinstance(_each, URLPattern):
        _each.callback = in_one_form(_each.callback)
        _each.callback.guarded = _scopes.get(_each.name or "", "")

urlpatterns = [
    path("oauth/token", TokenView.as_view(), name="api-token"),
    path("v1/docs", views.documentation, name="api-documentation"),
    path("v1/", (operations, _app, _namespace)),  # type: ignore[arg-type]
    path("v1/<path:rest>", in_one_form(views.not_found)),
]
