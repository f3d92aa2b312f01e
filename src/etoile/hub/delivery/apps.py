from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "etoile.hub.delivery"
    label = "delivery"
