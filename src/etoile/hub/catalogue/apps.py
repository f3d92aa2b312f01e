from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def follow_the_contract(using: str, **_: Any) -> None:
    from etoile.hub.catalogue.services import synchronise

    synchronise(using)


class CatalogueConfig(AppConfig):
    name = "etoile.hub.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        post_migrate.connect(follow_the_contract, sender=self, dispatch_uid="catalogue")
