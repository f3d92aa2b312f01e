"""The addresses of « Mon espace », within the portal's."""

from django.urls import path

from etoile.gru.portal.space import coming, home, keys, platforms, profile, requests, resume, reunion, safety, ties

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
    path("mon-espace/reprise/", resume.resume, name="space_resume"),
    path("mon-espace/demandes/<uuid:case_id>/", home.open_request, name="space_request"),
    path("mon-espace/brouillons/<uuid:draft_id>/", home.take_up, name="space_draft"),
    path("mon-espace/ajouter/", requests.add, name="space_add"),
    path("suivi/<str:key>/mon-espace/", requests.attach, name="space_attach"),
    path("mon-espace/reunir/<uuid:asking>/<str:key>/", reunion.reunion, name="space_reunion"),
    path("mon-espace/informations/", profile.read, name="space_profile"),
    path("mon-espace/informations/modifier/", profile.change, name="space_profile_change"),
    path("mon-espace/proches/", ties.read, name="space_ties"),
    path("mon-espace/proches/ajouter/<slug:what>/", ties.add, name="space_tie_add"),
    path("mon-espace/proches/<uuid:tie>/fin/", ties.end, name="space_tie_end"),
    path("mon-espace/securite/", safety.safety, name="space_safety"),
    path("mon-espace/securite/sessions/", safety.end_sessions, name="space_sessions"),
    path("mon-espace/securite/phrase/", safety.passphrase, name="space_passphrase"),
    path("mon-espace/securite/adresse/", safety.email, name="space_email"),
    path("mon-espace/securite/adresse/<uuid:proof>/", safety.email_code, name="space_email_code"),
    path("mon-espace/securite/cles/", keys.add, name="space_key"),
    path("mon-espace/securite/cles/<int:number>/retrait/", keys.remove, name="space_key_remove"),
    path("mon-espace/securite/franceconnect/", platforms.part, name="platform_part"),
    path("mon-espace/fermer/", safety.close, name="space_close"),
]
