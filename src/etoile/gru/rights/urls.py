"""Addresses of the rights over data: under the link of a request for its person, under /agents/dpo/ for who answers."""

from django.urls import include, path

from etoile.gru.rights.views import own

OWN = "suivi/<str:key>/mes-donnees/"
patterns = [
    path(OWN, own.own_data, name="own"),
    path(f"{OWN}tout.json", own.as_json, name="json"),
    path(f"{OWN}tout.pdf", own.as_pdf, name="pdf"),
    path(f"{OWN}accords/<str:field>/", own.take_back, name="take-back"),
]

urlpatterns = [path("", include((patterns, "rights")))]
