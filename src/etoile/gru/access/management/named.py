"""The authority a command is about."""

from django.core.management.base import CommandError

from etoile.gru.access.models import Authority


def authority_named(slug: str) -> Authority:
    """The only one there is when `slug` is empty. Raises `CommandError`."""
    found = list(Authority.objects.filter(slug=slug) if slug else Authority.objects.all()[:2])
    if len(found) != 1:
        raise CommandError("there is no such authority" if slug else "name the authority: --authority SLUG")
    return found[0]
