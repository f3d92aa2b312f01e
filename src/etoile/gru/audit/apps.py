from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "etoile.gru.audit"
    label = "audit"
