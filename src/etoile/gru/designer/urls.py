"""Addresses of the designer, under /agents/demarches/. Pages of a procedure are under its slug."""

from django.urls import include, path

from etoile.gru.designer import publishing_urls
from etoile.gru.designer.views import (
    conditions,
    fields,
    listing,
    lists,
    plan,
    presentation,
    preview,
    rules,
    structure,
    workflow,
)

patterns = [
    *publishing_urls.patterns,
    path("", listing.procedures, name="list"),
    path("nouvelle/", listing.create, name="create"),
    path("<slug:slug>/", plan.outline, name="outline"),
    path("<slug:slug>/copier/", listing.copy, name="copy"),
    path("<slug:slug>/commencer/", plan.begin, name="begin"),
    path("<slug:slug>/deplacer/", plan.move, name="move"),
    path("<slug:slug>/annuler/", plan.undo, name="undo"),
    path("<slug:slug>/abandonner/", plan.discard, name="discard"),
    path("<slug:slug>/pages/ajouter/", structure.add_page, name="add-page"),
    path("<slug:slug>/pages/<slug:page>/", structure.page, name="page"),
    path("<slug:slug>/pages/<slug:page>/parties/ajouter/", structure.add_section, name="add-section"),
    path("<slug:slug>/parties/<slug:section>/", structure.section, name="section"),
    path("<slug:slug>/parties/<slug:holder>/questions/ajouter/", fields.add, name="add-field"),
    path("<slug:slug>/questions/<slug:field>/", fields.edit, name="field"),
    path("<slug:slug>/questions/<slug:field>/copier/", fields.duplicate, name="duplicate"),
    path("<slug:slug>/conditions/<slug:kind>/<slug:identifier>/<slug:key>/", conditions.condition, name="condition"),
    path("<slug:slug>/pieces/", lists.documents, name="documents"),
    path("<slug:slug>/engagements/", lists.declarations, name="declarations"),
    path("<slug:slug>/elements/<slug:kind>/ajouter/", lists.add, name="add-listed"),
    path("<slug:slug>/elements/<slug:kind>/<slug:identifier>/", lists.edit, name="listed"),
    path("<slug:slug>/regles/", rules.rules, name="rules"),
    path("<slug:slug>/regles/impossible/ajouter/", rules.add_ineligible, name="add-ineligible"),
    path("<slug:slug>/regles/impossible/<slug:identifier>/", rules.ineligible, name="ineligible"),
    path("<slug:slug>/regles/prix/<slug:number>/", rules.price, name="price"),
    path("<slug:slug>/regles/prix/<int:number>/retirer/", rules.remove_price, name="remove-price"),
    path("<slug:slug>/etapes/", workflow.workflow, name="workflow"),
    path("<slug:slug>/etapes/habituelles/", workflow.usual, name="workflow-usual"),
    path("<slug:slug>/etapes/etats/<slug:state>/", workflow.state, name="workflow-state"),
    path("<slug:slug>/etapes/passages/<slug:number>/", workflow.move, name="workflow-move"),
    path("<slug:slug>/etapes/echeances/<slug:number>/", workflow.timer, name="workflow-timer"),
    path("<slug:slug>/etapes/<slug:kind>/<int:number>/retirer/", workflow.remove, name="workflow-remove"),
    path("<slug:slug>/presentation/", presentation.presentation, name="presentation"),
    path("<slug:slug>/essayer/", preview.preview, name="preview"),
    path("<slug:slug>/essayer/<slug:page>/", preview.rehearse, name="rehearse"),
    path("<slug:slug>/retirer/<slug:kind>/<slug:identifier>/", structure.remove, name="remove"),
]

urlpatterns = [path("", include((patterns, "designer")))]
