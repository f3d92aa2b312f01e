"""What commands of several rooms are told in the same way: the authority, a file of YAML."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError
from django.db.models import Q

from etoile.gru.access.models import Authority


def takes_authority(parser: ArgumentParser) -> None:
    parser.add_argument("--authority", default="", help="its slug or its SIRET; not needed when there is only one")


def authority_named(name: str) -> Authority:
    """`name` is a slug or a SIRET; the only one there is when it is empty. Raises `CommandError`."""
    asked = Authority.objects.filter(Q(slug=name) | Q(siret=name)) if name else Authority.objects.all()
    found = list(asked[:2])
    if len(found) != 1:
        raise CommandError(
            "there is no such authority" if name else "name the authority: --authority, its slug or SIRET"
        )
    return found[0]


@contextmanager
def told_by(file: Path, refusal: type[Exception], *, refused: str) -> Iterator[Any]:
    """What the file says, while it is acted on. A file that cannot be read, that is not YAML, or that is refused ends
    the command in plain words (`CommandError`): those of `refused`, then the `problems` of the `refusal`."""
    try:
        yield yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} is not YAML: {error}") from error
    except refusal as error:
        problems = "\n".join(f"  - {problem}" for problem in getattr(error, "problems", [str(error)]))
        raise CommandError(f"{file} {refused}:\n{problems}") from error
