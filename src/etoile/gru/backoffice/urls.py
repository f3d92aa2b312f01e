from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from etoile.gru.backoffice import (
    accessibility_views,
    alert_views,
    anomaly_views,
    batch_views,
    calendar_views,
    dashboard_views,
    fee_views,
    list_views,
    rating_views,
    return_views,
    step_views,
    text_views,
    views,
)
from etoile.gru.backoffice.archives import urls as archives
from etoile.gru.backoffice.desk import urls as desk
from etoile.gru.backoffice.forms import SignIn

patterns = [
    path("", list_views.inbox, name="inbox"),
    path("tableau-de-bord/", dashboard_views.show, name="dashboard"),
    path("calendrier/", calendar_views.month, name="calendar"),
    path("avis/", rating_views.listing, name="ratings"),
    path("avis/<uuid:pk>/", rating_views.moderate, name="rating-moderate"),
    path("listes/", list_views.keep, name="list-keep"),
    path("listes/<int:pk>/retrait/", list_views.forget, name="list-forget"),
    path(
        "connexion/",
        LoginView.as_view(template_name="backoffice/sign_in.html", authentication_form=SignIn),
        name="sign-in",
    ),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("mot-de-passe/", views.own_password, name="password"),
    path("demandes/<uuid:pk>/", views.case, name="case"),
    path("demandes/<uuid:pk>/prise-en-charge/", views.start, name="start"),
    path("demandes/<uuid:pk>/etapes/<slug:step>/", step_views.step, name="step"),
    path("demandes/<uuid:pk>/pieces/", views.ask_documents, name="ask"),
    path("demandes/<uuid:pk>/messages/", views.write, name="write"),
    path("demandes/<uuid:pk>/decision/", views.decide, name="decide"),
    path("demandes/<uuid:pk>/papiers/<slug:kind>.pdf", views.paper, name="paper"),
    path("demandes/<uuid:pk>/transmission/", views.hand_over, name="hand-over"),
    path("demandes/<uuid:pk>/paiement/", views.ask_payment, name="ask-payment"),
    path("demandes/<uuid:pk>/paiements/<uuid:fee>/<slug:kind>/", fee_views.settle, name="fee"),
    path("demandes/<uuid:pk>/reouverture/", views.reopen, name="reopen"),
    path("demandes/<uuid:pk>/courriel/", return_views.correct, name="correct-email"),
    path("demandes/<uuid:pk>/courriel/autrement/", return_views.settle, name="told-otherwise"),
    path("demandes/<uuid:pk>/documents/<uuid:document_id>/", views.document, name="document"),
    path("accessibilite", accessibility_views.statement, name="accessibility"),
    path("administration/alerte/", alert_views.alert, name="alert"),
    path("administration/accessibilite/", accessibility_views.overview, name="accessibility-admin"),
    path("administration/accessibilite/<slug:product>/", accessibility_views.edit, name="statement-edit"),
    path("administration/textes/", text_views.listing, name="texts"),
    path("administration/textes/<slug:page>/<slug:language>/", text_views.edit, name="text-edit"),
    path("lots/", batch_views.listing, name="batches"),
    path("lots/nouveau/", batch_views.together, name="together"),
    path("lots/<uuid:pk>/", batch_views.batch, name="batch"),
    path("lots/<uuid:pk>/arret/", batch_views.stop, name="batch-stop"),
    path("lots/<uuid:pk>/reprise/", batch_views.resume, name="batch-resume"),
    path("lots/<uuid:pk>/fichier/", batch_views.file, name="batch-file"),
    path("exports/", batch_views.export, name="export"),
    path("exports/journal/", batch_views.journal, name="export-journal"),
    path("anomalies/", anomaly_views.listing, name="anomalies"),
    path("anomalies/sortant/<uuid:event_id>/", anomaly_views.outgoing_event, name="outgoing"),
    path("anomalies/entrant/<int:pk>/", anomaly_views.incoming_event, name="incoming"),
    *desk.patterns,
    *archives.patterns,
]

urlpatterns = [path("", include((patterns, "backoffice")))]
