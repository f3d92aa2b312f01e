from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from etoile.hub.console import registry_urls as registry
from etoile.hub.console.forms import SignIn
from etoile.hub.console.pages import (
    accessibility,
    accounts,
    alarms,
    bulk,
    deliveries,
    figures,
    lookups,
    messages,
    overview,
    password,
    quarantine,
)

patterns = [
    path("", overview.overview, name="overview"),
    path(
        "connexion/",
        LoginView.as_view(template_name="console/sign_in.html", authentication_form=SignIn),
        name="sign-in",
    ),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("mot-de-passe/", password.own_password, name="password"),
    path("envois/", deliveries.delivery_list, name="deliveries"),
    path("envois/ensemble/", bulk.bulk, name="bulk"),
    path("envois/<uuid:pk>/", deliveries.delivery_detail, name="delivery"),
    path("envois/<uuid:pk>/decision/", deliveries.decide, name="decide"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<uuid:pk>/", messages.message_detail, name="message"),
    path("messages/<uuid:pk>/contenu/", messages.message_content, name="content"),
    path("chiffres/", figures.figure_page, name="figures"),
    path("chiffres.csv", figures.figure_csv, name="figures-csv"),
    path("consultations/", lookups.lookup_list, name="lookups"),
    path("consultations/<slug:name>/", lookups.lookup, name="lookup"),
    path("consultations/<slug:name>/essai/", lookups.lookup_try, name="lookup-try"),
    path("consultations/<slug:name>/<slug:provider>/verification/", lookups.provider_check, name="lookup-check"),
    path("consultations/<slug:name>/<slug:provider>/rappel/", lookups.provider_resume, name="lookup-resume"),
    path("alertes/", alarms.alarm_page, name="alarms"),
    path("quarantaine/", quarantine.quarantine_page, name="quarantine"),
    path("quarantaine/decision/", quarantine.quarantine_decide, name="quarantine-decide"),
    path("rapprochement/", accounts.report_list, name="reports"),
    path("rapprochement/<int:pk>/", accounts.report_detail, name="report"),
    path("rapprochement/<int:pk>.csv", accounts.report_csv, name="report-csv"),
    path("rapprochement/<int:pk>/ecarts.csv", accounts.differences_csv, name="differences-csv"),
    path("journal/", accounts.journal_page, name="journal"),
    *registry.patterns,
    path("accessibilite/", accessibility.accessibility, name="accessibility"),
]

urlpatterns = [
    path("", include((patterns, "console"))),
    # Named as the language switch of the design calls it, in every product.
    path("langue/", set_language, name="set_language"),
]
