"""Addresses of the API. Each operation asks for a token; the token door, the description and its page are public."""

from django.urls import URLPattern, path
from oauth2_provider.views import TokenView

from etoile.gru.api import views
from etoile.gru.api.problems import in_one_form
from etoile.gru.api.v1 import api

operations, _app, _namespace = api.urls
for _each in operations:
    if isinstance(_each, URLPattern):
        _each.callback = in_one_form(_each.callback)

urlpatterns = [
    path("oauth/token", TokenView.as_view(), name="api-token"),
    path("v1/docs", views.documentation, name="api-documentation"),
    path("v1/", (operations, _app, _namespace)),  # type: ignore[arg-type]
    path("v1/<path:rest>", in_one_form(views.not_found)),
]
