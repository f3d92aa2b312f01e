"""Every address of the GRU. Citizens' and agents' addresses are French, those of programs English."""

from django.conf import settings
from django.urls import include, path

from etoile.design.errors import server_error
from etoile.design.gallery.views import urls as gallery
from etoile.gru.backoffice.guard import agent_required
from etoile.runtime.health import urlpatterns as health

# Routes that answer anyone; a test checks that every other asks for an account, a token, a signature or a draft's key.
# Those of `suivi/` are opened by a secret that is part of the address: the tracking key.
PUBLIC_ROUTES = frozenset(
    {
        "",
        "demarches/reprendre/",
        "demarches/reprendre/<str:token>/",
        "health/live",
        "health/ready",
        "api/oauth/token",
        "api/v1/",
        "api/v1/docs",
        "api/v1/openapi.json",
        "api/v1/<path:rest>",
        "agents/connexion/",
        "agents/connexion/code/",
        "agents/connexion/telephone/",
        "agents/deconnexion/",
        "agents/accessibilite",
        "apparence/<path:name>",
        "identite/proconnect/",
        "identite/proconnect/retour/",
        "identite/proconnect/fin/",
        "identite/annuaire/",
        "identite/annuaire/retour/",
        "identite/annuaire/fin/",
        "identite/<slug:slug>/",
        "identite/<slug:slug>/retour/",
        "identite/<slug:slug>/fin/",
        "agents/invitation/<str:uid>/<str:token>/",
        "langue/",
        "recherche",
        "situations/<slug:slug>/",
        "fiches/<slug:slug>/",
        "lieux/",
        "actualites/",
        "actualites/<slug:slug>/",
        "demarches/",
        "demarches/<slug:slug>/",
        "demarches/<slug:slug>/remplir/",
        "mon-espace/connexion/",
        "mon-espace/creer/",
        "mon-espace/oubli/",
        "mon-espace/code/<uuid:proof>/",
        "mon-espace/deconnexion/",
        "suivi/",
        "suivi/<str:key>/",
        "suivi/<str:key>/accuse/",
        "suivi/<str:key>/documents/",
        "suivi/<str:key>/messages/",
        "suivi/<str:key>/documents/<uuid:document_id>/",
        "suivi/<str:key>/papiers/<slug:kind>.pdf",
        "suivi/<str:key>/attestation/",
        "suivi/<str:key>/mon-espace/",
        "suivi/<str:key>/corrections/<uuid:asked>/",
        "consultation/<str:token>/",
        "consultation/<str:token>/documents/<uuid:document_id>/",
        "suivi/<str:key>/retrait/",
        "suivi/<str:key>/reprise/",
        "suivi/<str:key>/avis/",
        "suivi/<str:key>/courriels/",
        "suivi/<str:key>/notification/",
        "suivi/<str:key>/mes-donnees/",
        "suivi/<str:key>/mes-donnees/tout.json",
        "suivi/<str:key>/mes-donnees/tout.pdf",
        "suivi/<str:key>/mes-donnees/accords/<str:field>/",
        "suivi/<str:key>/decision/<int:number>/",
        "courriels/<str:token>/",
        "courriels/<str:token>/arret",
        "accessibilite",
        "accessibilite/signaler",
        "ecoconception",
        "mentions-legales",
        "donnees-personnelles",
        "plan-du-site",
        "aide",
        "contact",
    }
)

urlpatterns = [
    path("", include(health)),
    path("documents/", include("etoile.gru.documents.urls")),
    path("inbox/", include("etoile.gru.inbox.urls")),
    path("api/", include("etoile.gru.api.urls")),
    path("scim/v2/", include("etoile.gru.scim.urls")),
    path("design/", include(gallery((lambda view: view) if settings.DEVELOPMENT else agent_required))),
    path("agents/demarches/", include("etoile.gru.designer.urls")),
    path("agents/saisie/", include("etoile.gru.counter.urls")),
    path("agents/", include("etoile.gru.administration.urls")),
    path("agents/", include("etoile.gru.backoffice.urls")),
    path("identite/", include("etoile.gru.backoffice.door.urls")),
    path("", include("etoile.gru.rights.urls")),
    path("", include("etoile.gru.portal.urls")),
]

handler500 = server_error
