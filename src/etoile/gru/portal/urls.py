"""Addresses of the citizens' pages: French, short, made to be said over the phone."""

from django.urls import include, path
from django.views.i18n import set_language

from etoile.gru.portal.space.urls import space
from etoile.gru.portal.views import (
    appearance,
    consultation,
    correcting,
    discover,
    ending,
    filling,
    information,
    notification,
    procedure,
    reporting,
    resuming,
    starting,
    town,
    tracking,
    wishes,
)

DRAFT = "demarches/<slug:slug>/remplir/<uuid:draft>"

portal = [
    path("", discover.home, name="home"),
    path("recherche", discover.search, name="search"),
    path("situations/<slug:slug>/", discover.life_event, name="life_event"),
    path("fiches/<slug:slug>/", town.guide, name="guide"),
    path("lieux/", town.places, name="places"),
    path("actualites/", town.news, name="news"),
    path("actualites/<slug:slug>/", town.news_item, name="news_item"),
    path("demarches/", discover.procedures, name="procedures"),
    path("demarches/reprendre/", resuming.by_code, name="resume"),
    path("demarches/reprendre/<str:token>/", resuming.by_link, name="resume_link"),
    path("demarches/<slug:slug>/", procedure.procedure, name="procedure"),
    path("demarches/<slug:slug>/remplir/", starting.start, name="start"),
    path(f"{DRAFT}/verifier", filling.summary, name="summary"),
    path(f"{DRAFT}/envoyee", filling.done, name="done"),
    path(f"{DRAFT}/garder", filling.prolong, name="prolong"),
    path(f"{DRAFT}/effacer", filling.abandon, name="abandon"),
    path(f"{DRAFT}/plus-tard", resuming.later, name="later"),
    path(f"{DRAFT}/reprendre", resuming.take_up, name="take_up"),
    path(f"{DRAFT}/<slug:page>/", filling.page, name="page"),
    path("suivi/", tracking.ask, name="tracking"),
    path("suivi/<str:key>/", tracking.follow, name="follow"),
    path("suivi/<str:key>/accuse/", tracking.receipt, name="receipt"),
    path("suivi/<str:key>/documents/", tracking.provide, name="provide"),
    path("suivi/<str:key>/messages/", tracking.write, name="write"),
    path("suivi/<str:key>/documents/<uuid:document_id>/", tracking.document, name="document"),
    path("suivi/<str:key>/papiers/<slug:kind>.pdf", tracking.paper, name="paper"),
    path("suivi/<str:key>/attestation/", tracking.attest, name="attest"),
    path("suivi/<str:key>/retrait/", ending.withdraw, name="withdraw"),
    path("suivi/<str:key>/reprise/", ending.reopen, name="reopen"),
    path("suivi/<str:key>/avis/", ending.give_rating, name="rate"),
    path("suivi/<str:key>/notification/", notification.choose, name="notification"),
    path("suivi/<str:key>/decision/<int:number>/", notification.open_letter, name="open_letter"),
    path("suivi/<str:key>/courriels/", wishes.of_case, name="case_wishes"),
    path("mon-espace/courriels/", wishes.of_account, name="space_wishes"),
    path("courriels/<str:token>/", wishes.by_link, name="wishes"),
    path("courriels/<str:token>/arret", wishes.stop, name="unsubscribe"),
    path("suivi/<str:key>/corrections/<uuid:asked>/", correcting.correct, name="correct"),
    path("apparence/<path:name>", appearance.theme_file, name="theme-file"),
    path("consultation/<str:token>/", consultation.invitation, name="invitation"),
    path("consultation/<str:token>/documents/<uuid:document_id>/", consultation.document, name="invitation_document"),
    *space,
    path("accessibilite", information.accessibility, name="accessibility"),
    path("accessibilite/signaler", reporting.report, name="report"),
    path("ecoconception", information.eco_design, name="eco_design"),
    path("mentions-legales", information.legal_notice, name="legal_notice"),
    path("donnees-personnelles", information.personal_data, name="personal_data"),
    path("plan-du-site", information.site_map, name="site_map"),
    path("aide", information.help_page, name="help"),
    path("contact", town.contact, name="contact"),
]

urlpatterns = [
    path("langue/", set_language, name="set_language"),
    path("", include((portal, "portal"))),
]

# Pages for everyone. A request is opened by its secret key, a draft by the cookie of the browser that made it.
PUBLIC_ROUTES = frozenset({"langue/", *(str(entry.pattern) for entry in portal)})
