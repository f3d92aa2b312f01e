from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from etoile.gru.people.wall import TABLES
from etoile.runtime.diagnosis import DOUBTFUL

_HELD = """
    SELECT bool_and(c.relrowsecurity) AND NOT bool_or(pg_has_role(current_user, c.relowner, 'MEMBER'))
        AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
    FROM pg_class c WHERE c.relname = ANY (%s) AND c.relnamespace = 'public'::regnamespace
"""


class Command(BaseCommand):
    help = "Whether PostgreSQL itself keeps the user base sealed by sector, under the role that runs."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_HELD, [list(TABLES)])
            held = cursor.fetchone()[0]
        if held:
            self.stdout.write("The user base is sealed by sector, by the program and by PostgreSQL.")
        else:
            self.stdout.write(
                f"{DOUBTFUL}The role that runs owns the tables of the user base: the program alone seals it. Give the"
                " GRU two roles (GRU_DATABASE_URL and GRU_OWNER_DATABASE_URL)."
            )
