"""Addresses of the duplicates of persons, under `/agents/personnes/`."""

from django.urls import path

from etoile.gru.backoffice.matching import flagged, views

patterns = [
    path("personnes/doublons/", views.listing, name="people-doubles"),
    path("personnes/doublons/<uuid:pk>/", views.compare, name="people-compare"),
    path("personnes/doublons/<uuid:pk>/prise/", views.take, name="people-take"),
    path("personnes/doublons/<uuid:pk>/decision/", views.decide, name="people-decide"),
    path("personnes/doublons/ecartes/<int:pk>/annulation/", views.include, name="people-include"),
    path("personnes/<uuid:pk>/doublon/", flagged.flag, name="people-flag"),
    path("personnes/fusions/<uuid:pk>/", views.merge, name="people-merge"),
    path("personnes/fusions/<uuid:pk>/annulation/", views.unmerge, name="people-unmerge"),
]
