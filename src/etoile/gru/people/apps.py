from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PeopleConfig(AppConfig):
    name = "etoile.gru.people"

    def ready(self) -> None:
        from etoile.gru.people.wall import raise_wall

        connection_created.connect(raise_wall, dispatch_uid="people")
