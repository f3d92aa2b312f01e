from django.apps import AppConfig


class ThrottlesConfig(AppConfig):
    name = "etoile.gru.throttles"
    label = "throttles"
