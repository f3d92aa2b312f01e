from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "etoile.gru.ratings"
    label = "ratings"
