"""The addresses of the registry's pages."""

from django.urls import path

from etoile.hub.console.pages import registry_applications as applications
from etoile.hub.console.pages import registry_connectors as connectors
from etoile.hub.console.pages import registry_operators as operators
from etoile.hub.console.pages import registry_subscriptions as subscriptions
from etoile.hub.console.pages import registry_trials as trials

patterns = [
    path("applications/", applications.application_list, name="applications"),
    path("applications/nouvelle/", applications.application_new, name="application-new"),
    path("applications/<slug:slug>/", applications.application, name="application"),
    path("applications/<slug:slug>/modifier/", applications.application_edit, name="application-edit"),
    path("applications/<slug:slug>/contrat/", applications.contract, name="contract"),
    path("applications/<slug:slug>/acces/", applications.credential_new, name="credential-new"),
    path("applications/<slug:slug>/acces/retirer/", applications.credential_withdraw, name="credential-withdraw"),
    path("collectivites/nouvelle/", applications.authority_new, name="authority-new"),
    path("abonnements/nouveau/", subscriptions.subscription_new, name="subscription-new"),
    path("abonnements/<slug:slug>/", subscriptions.subscription, name="subscription"),
    path("abonnements/<slug:slug>/modifier/", subscriptions.subscription_edit, name="subscription-edit"),
    path("abonnements/<slug:slug>/connecteur/", subscriptions.connector, name="connector"),
    path("abonnements/<slug:slug>/bascule/", subscriptions.switch, name="switch"),
    path("abonnements/<slug:slug>/rappel/", subscriptions.close_circuit, name="close-circuit"),
    path("abonnements/<slug:slug>/verification/", trials.check, name="check"),
    path("abonnements/<slug:slug>/essai/", trials.trial, name="trial"),
    path("connecteurs/", connectors.connector_list, name="connectors"),
    path("operateurs/", operators.operator_list, name="operators"),
    path("operateurs/nouveau/", operators.operator_new, name="operator-new"),
    path("operateurs/<int:pk>/", operators.operator, name="operator"),
]
