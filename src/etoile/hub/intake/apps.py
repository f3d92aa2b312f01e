from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


def limit_waiting(connection: Any, **_: Any) -> None:
    """A transaction that stands still (a frozen process) must not hold the lock of a subject for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("SET idle_in_transaction_session_timeout = '60s'")


class IntakeConfig(AppConfig):
    name = "etoile.hub.intake"
    label = "intake"

    def ready(self) -> None:
        connection_created.connect(limit_waiting, dispatch_uid="intake")
