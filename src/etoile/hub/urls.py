from django.urls import include, path
from django.views.generic import RedirectView
from oauth2_provider.views import TokenView

from etoile.design.errors import server_error
from etoile.hub.intake.api import guarded_urls
from etoile.hub.intake.description import docs, openapi
from etoile.hub.intake.publishing import publish
from etoile.runtime import health

# Routes that answer anyone; a test checks that every other one asks who calls. At `v1/` itself there is nothing.
PUBLIC_ROUTES = frozenset(
    {
        "",
        "health/live",
        "health/ready",
        "oauth/token",
        "openapi.json",
        "docs",
        "v1/",
        "v1/catalogue",
        "console/connexion/",
        "console/deconnexion/",
        "console/langue/",
        "console/accessibilite/",
    }
)

urlpatterns = [
    path("", RedirectView.as_view(url="/console/")),
    path("", include(health.urlpatterns)),
    path("oauth/token", TokenView.as_view(), name="token"),
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="docs"),
    path("v1/events", publish, name="publish"),
    path("v1/", guarded_urls()),
    path("console/", include("etoile.hub.console.urls")),
]

handler500 = server_error
