"""Addresses of what goes around the questions of a procedure: its sheets, its publication, its life, where it comes
from."""

from django.urls import path

from etoile.gru.designer.views import library, life, publication, sheets, tables

patterns = [
    path("bibliotheque/", library.library, name="library"),
    path("bibliotheque/<slug:ready>/", library.start, name="start"),
    path("importer/", library.bring_file, name="import"),
    path("tables/", tables.tables, name="tables"),
    path("tables/ajouter/", tables.bring, name="table-import"),
    path("tables/<slug:table>/", tables.table, name="table"),
    path("tables/<slug:table>/precedente/", tables.back, name="table-back"),
    path("<slug:slug>/fiche-juridique/", sheets.legal, name="legal"),
    path("<slug:slug>/registre/", sheets.register, name="register"),
    path("<slug:slug>/traitement/", sheets.routing, name="routing"),
    path("<slug:slug>/traitement/orientations/ajouter/", sheets.add_route, name="add-route"),
    path("<slug:slug>/traitement/orientations/<int:number>/retirer/", sheets.remove_route, name="remove-route"),
    path("<slug:slug>/messages/", sheets.messages, name="messages"),
    path("<slug:slug>/messages/<slug:template>/", sheets.message, name="message"),
    path("<slug:slug>/publication/", publication.publication, name="publication"),
    path("<slug:slug>/historique/", life.history, name="history"),
    path("<slug:slug>/historique/versions/<int:number>/", life.comparison, name="comparison"),
    path("<slug:slug>/historique/versions/<int:number>/fichier/", library.export, name="export"),
    path("<slug:slug>/fermer/", life.close, name="close"),
    path("<slug:slug>/rouvrir/", life.reopen, name="reopen"),
    path("<slug:slug>/archiver/", life.archive, name="archive"),
]
