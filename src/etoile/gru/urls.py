"""Every address of the GRU. Citizens' and agents' addresses are French, those of programs English."""

from django.urls import include, path

from etoile.runtime.health import urlpatterns as health

urlpatterns = [
    path("", include(health)),
    path("documents/", include("etoile.gru.documents.urls")),
    path("inbox/", include("etoile.gru.inbox.urls")),
    path("api/", include("etoile.gru.api.urls")),
    path("agents/", include("etoile.gru.backoffice.urls")),
    path("", include("etoile.gru.portal.urls")),
]
