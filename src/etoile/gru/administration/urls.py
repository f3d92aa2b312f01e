"""Addresses of the administration, under /agents/. What backoffice has under administration/ keeps its own."""

from django.urls import include, path

from etoile.gru.administration.views import (
    agents,
    appearance,
    closed_days,
    contracts,
    home,
    invitation,
    journal,
    messages,
    signatories,
    teams,
)

ADMIN = "administration/"
patterns = [
    path(ADMIN, home.home, name="home"),
    path(f"{ADMIN}services/", teams.listing, name="teams"),
    path(f"{ADMIN}services/nouveau/", teams.team, name="team-add"),
    path(f"{ADMIN}services/<slug:slug>/", teams.team, name="team"),
    path(f"{ADMIN}secteurs/nouveau/", teams.sector, name="sector-add"),
    path(f"{ADMIN}secteurs/<slug:slug>/", teams.sector, name="sector"),
    path(f"{ADMIN}agents/", agents.listing, name="agents"),
    path(f"{ADMIN}agents/revue.csv", agents.review_of_all, name="agents-review"),
    path(f"{ADMIN}agents/annuaire/", agents.let_directory, name="agents-directory"),
    path(f"{ADMIN}agents/inviter/", agents.invite, name="agent-invite"),
    path(f"{ADMIN}agents/<int:pk>/", agents.edit, name="agent"),
    path(f"{ADMIN}agents/<int:pk>/acces/", agents.access, name="agent-access"),
    path(f"{ADMIN}signataires/", signatories.listing, name="signatories"),
    path(f"{ADMIN}signataires/nouveau/", signatories.edit, name="signatory-add"),
    path(f"{ADMIN}signataires/<int:pk>/", signatories.edit, name="signatory"),
    path(f"{ADMIN}signataires/<int:pk>/fin/", signatories.end, name="signatory-end"),
    path(f"{ADMIN}contrats/", contracts.listing, name="contracts"),
    path(f"{ADMIN}contrats/nouveau/", contracts.edit, name="contract-add"),
    path(f"{ADMIN}contrats/<int:pk>/", contracts.edit, name="contract"),
    path(f"{ADMIN}contrats/<int:pk>/arret/", contracts.stop, name="contract-stop"),
    path(f"{ADMIN}jours-fermes/", closed_days.closed_days, name="closed-days"),
    path(f"{ADMIN}messages/", messages.listing, name="messages"),
    path(f"{ADMIN}messages/<slug:template>/", messages.edit, name="message"),
    path(f"{ADMIN}apparence/", appearance.appearance, name="appearance"),
    path(f"{ADMIN}roles/", agents.roles, name="roles"),
    path(f"{ADMIN}journal/", journal.journal, name="journal"),
    path("invitation/<str:uid>/<str:token>/", invitation.invitation, name="invitation"),
]

urlpatterns = [path("", include((patterns, "administration")))]
