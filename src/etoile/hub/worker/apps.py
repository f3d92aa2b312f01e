from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "etoile.hub.worker"
    label = "worker"
