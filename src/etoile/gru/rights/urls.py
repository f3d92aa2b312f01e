"""Addresses of the rights over data: under the link of a request for its person, under /agents/dpo/ for who answers."""

from django.urls import include, path

from etoile.gru.rights.views import desk, own, register, space

OWN = "suivi/<str:key>/mes-donnees/"
DESK = "agents/dpo/"
patterns = [
    path(OWN, own.own_data, name="own"),
    path(f"{OWN}tout.json", own.as_json, name="json"),
    path(f"{OWN}tout.pdf", own.as_pdf, name="pdf"),
    path(f"{OWN}accords/<str:field>/", own.take_back, name="take-back"),
    path("mon-espace/mes-donnees/", space.own_data, name="space"),
    path("mon-espace/mes-donnees/tout.<slug:kind>", space.whole, name="space-whole"),
    path(DESK, desk.desk, name="desk"),
    path(f"{DESK}demandes/<uuid:pk>/", desk.answer, name="answer"),
    path(f"{DESK}demandes/<uuid:pk>/delai/", desk.extend, name="extend"),
    path(f"{DESK}dossiers/<uuid:pk>/", desk.file, name="file"),
    path(f"{DESK}dossiers/<uuid:pk>/gel/", desk.freeze, name="freeze"),
    path(f"{DESK}dossiers/<uuid:pk>/tout.<slug:kind>", desk.whole, name="whole"),
    path(f"{DESK}conservation/", desk.conservation, name="conservation"),
    path(f"{DESK}registre/", register.listing, name="register"),
    path(f"{DESK}registre/registre.csv", register.as_csv, name="register-csv"),
    path(f"{DESK}violation/", register.concerned, name="breach"),
]

urlpatterns = [path("", include((patterns, "rights")))]
