"""The addresses of « Mon espace », within the portal's."""

from django.urls import path

from etoile.gru.portal.space import coming, home, platforms

space = [
    path("mon-espace/", home.home, name="space"),
    path("mon-espace/connexion/", coming.sign_in, name="space_sign_in"),
    path("mon-espace/creer/", coming.create, name="space_create"),
    path("mon-espace/oubli/", coming.forgotten, name="space_forgotten"),
    path("mon-espace/code/<uuid:proof>/", coming.code, name="space_code"),
    path("mon-espace/deconnexion/", coming.sign_out, name="space_sign_out"),
    path("identite/<slug:slug>/", platforms.leave, name="platform_leave"),
    path("identite/<slug:slug>/retour/", platforms.back, name="platform_back"),
    path("identite/<slug:slug>/fin/", platforms.left, name="platform_left"),
    path("mon-espace/demandes/<uuid:case_id>/", home.open_request, name="space_request"),
    path("mon-espace/brouillons/<uuid:draft_id>/", home.take_up, name="space_draft"),
]
