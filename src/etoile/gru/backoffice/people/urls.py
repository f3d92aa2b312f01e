"""Addresses of the user base, under `/agents/`."""

from django.urls import path

from etoile.gru.backoffice.people import tie_views, views

patterns = [
    path("personnes/", views.look, name="people"),
    path("personnes/qualite/", views.quality, name="people-quality"),
    path("personnes/<uuid:pk>/", views.show, name="person"),
    path("personnes/<uuid:pk>/attester/<slug:key>/", views.certify, name="person-certify"),
    path("personnes/<uuid:pk>/liens/nouveau/", tie_views.new, name="person-tie-new"),
    path("personnes/<uuid:pk>/liens/<uuid:tie>/", tie_views.one, name="person-tie"),
    path("personnes/<uuid:pk>/liens/<uuid:tie>/fin/", tie_views.end, name="person-tie-end"),
]
