"""Addresses of the user base, under `/agents/`."""

from django.urls import path

from etoile.gru.backoffice.people import views

patterns = [
    path("personnes/", views.look, name="people"),
    path("personnes/qualite/", views.quality, name="people-quality"),
    path("personnes/<uuid:pk>/", views.show, name="person"),
    path("personnes/<uuid:pk>/attester/<slug:key>/", views.certify, name="person-certify"),
]
