"""Addresses declared at ProConnect, to the letter: it compares them exactly."""

from django.urls import include, path

from etoile.gru.backoffice.door import proconnect

patterns = [
    path("", proconnect.leave, name="leave"),
    path("retour/", proconnect.back, name="back"),
    path("fin/", proconnect.left, name="left"),
]
urlpatterns = [path("", include((patterns, "proconnect")))]
