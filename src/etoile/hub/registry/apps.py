from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def register_the_hub(**_: Any) -> None:
    from etoile.hub.registry.services import ensure_hub

    ensure_hub()


class RegistryConfig(AppConfig):
    name = "etoile.hub.registry"
    label = "registry"

    def ready(self) -> None:
        post_migrate.connect(register_the_hub, sender=self, dispatch_uid="registry")
