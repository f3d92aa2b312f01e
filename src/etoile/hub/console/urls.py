from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from etoile.hub.console import views
from etoile.hub.console.forms import SignIn

patterns = [
    path("", views.overview, name="overview"),
    path(
        "connexion/",
        LoginView.as_view(template_name="console/sign_in.html", authentication_form=SignIn),
        name="sign-in",
    ),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("envois/", views.delivery_list, name="deliveries"),
    path("envois/<uuid:pk>/", views.delivery_detail, name="delivery"),
    path("envois/<uuid:pk>/decision/", views.decide, name="decide"),
    path("messages/", views.message_list, name="messages"),
    path("messages/<uuid:pk>/", views.message_detail, name="message"),
    path("messages/<uuid:pk>/contenu/", views.message_content, name="content"),
    path("applications/", views.application_list, name="applications"),
    path("abonnements/<int:pk>/", views.switch, name="switch"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]

urlpatterns = [
    path("", include((patterns, "console"))),
    # Named as the language switch of the design calls it, in every product.
    path("langue/", set_language, name="set_language"),
]
