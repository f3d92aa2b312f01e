"""Addresses declared at ProConnect and in the directory, to the letter: they compare them exactly."""

from django.urls import include, path

from etoile.gru.backoffice.door import platforms

patterns = [
    path("", platforms.leave, name="leave"),
    path("retour/", platforms.back, name="back"),
    path("fin/", platforms.left, name="left"),
]
urlpatterns = [
    path("proconnect/", include((patterns, "proconnect")), {"way": platforms.PROCONNECT}),
    path("annuaire/", include((patterns, "directory")), {"way": platforms.DIRECTORY}),
]
