"""Django's management for one product, with the program's plain errors: `python -m etoile.runtime.manage hub shell`.

`prepare` is ours: what must be done before a new version serves, in one process.
"""

import logging
import os
import sys
from collections.abc import Sequence

import django
import psycopg
from django.core.management import call_command, execute_from_command_line
from django.db import ProgrammingError

from etoile.runtime import assets
from etoile.runtime.plain import PlainError
from etoile.runtime.products import product

UNPREPARED = (
    "The database of the {product} is not prepared for this version. Run `etoile migrate` (or `etoile up`, which does"
    " it), and check that ETOILE_DATA names the folder you mean."
)


def main(arguments: Sequence[str]) -> int:
    """First argument: the product; the rest as for manage.py. Returns an exit status."""
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = product(arguments[0]).settings
        if list(arguments[1:]) == ["prepare"]:
            prepare()
        else:
            execute_from_command_line([f"etoile manage {arguments[0]}", *arguments[1:]])
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
            raise
        sys.stderr.write(f"{UNPREPARED.format(product=arguments[0])}\n")
        return 1
    except PlainError as error:
        sys.stderr.write(f"{error}\n")
        return error.status
    return 0


def prepare() -> None:
    """Migrations, then static files under their hashed and compressed names."""

    django.setup()
    logging.getLogger("whitenoise").setLevel(logging.WARNING)
    call_command("migrate", interactive=False, verbosity=1)
    assets.collect()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
