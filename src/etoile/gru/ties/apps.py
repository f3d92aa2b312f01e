from django.apps import AppConfig


class TiesConfig(AppConfig):
    name = "etoile.gru.ties"
    label = "ties"

    def ready(self) -> None:
        from etoile.gru.ties import holder

        holder.declare()
