from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "etoile.hub.reconciliation"
    label = "reconciliation"
