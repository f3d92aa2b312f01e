from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from etoile.hub.console import registry_urls as registry
from etoile.hub.console.forms import SignIn
from etoile.hub.console.pages import accessibility, bulk, deliveries, messages, overview

patterns = [
    path("", overview.overview, name="overview"),
    path(
        "connexion/",
        LoginView.as_view(template_name="console/sign_in.html", authentication_form=SignIn),
        name="sign-in",
    ),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("envois/", deliveries.delivery_list, name="deliveries"),
    path("envois/ensemble/", bulk.bulk, name="bulk"),
    path("envois/<uuid:pk>/", deliveries.delivery_detail, name="delivery"),
    path("envois/<uuid:pk>/decision/", deliveries.decide, name="decide"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<uuid:pk>/", messages.message_detail, name="message"),
    path("messages/<uuid:pk>/contenu/", messages.message_content, name="content"),
    *registry.patterns,
    path("accessibilite/", accessibility.accessibility, name="accessibility"),
]

urlpatterns = [
    path("", include((patterns, "console"))),
    # Named as the language switch of the design calls it, in every product.
    path("langue/", set_language, name="set_language"),
]
