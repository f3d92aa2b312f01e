"""Addresses of the archives, under `/agents/`."""

from django.urls import path

from etoile.gru.backoffice.archives import files, overview, slip_views

patterns = [
    path("archives/", overview.overview, name="archives"),
    path("archives/demarches/<slug:slug>/", overview.listing, name="archives-of"),
    path("archives/demarches/<slug:slug>/bordereau/", slip_views.propose, name="slip-propose"),
    path("archives/bordereaux/<uuid:pk>/", slip_views.slip, name="slip"),
    path("archives/bordereaux/<uuid:pk>/retrait/", slip_views.set_aside, name="slip-set-aside"),
    path("archives/bordereaux/<uuid:pk>/visa/", slip_views.agree, name="slip-agree"),
    path("archives/bordereaux/<uuid:pk>/refus/", slip_views.refuse, name="slip-refuse"),
    path("archives/bordereaux/<uuid:pk>/fichiers/<slug:kind>/", slip_views.download, name="slip-file"),
    path("archives/demandes/<uuid:pk>/", files.case, name="archived-case"),
    path("archives/demandes/<uuid:pk>/documents/<uuid:document_id>/", files.document, name="archived-document"),
    path("archives/demandes/<uuid:pk>/retour/", files.bring_back, name="archived-back"),
    path("demandes/<uuid:pk>/garde/", files.hold, name="hold"),
]
