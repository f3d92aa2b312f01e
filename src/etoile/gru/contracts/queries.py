"""Contracts as they are asked for: those in force, for one application or for what is published."""

from datetime import date

from django.db.models import Q, QuerySet

from etoile.gru.access.models import ApiClient, Authority
from etoile.gru.contracts.models import Contract, Way


def of_authority(authority: Authority) -> QuerySet[Contract]:
    return Contract.objects.filter(authority=authority).order_by("application", "begins_on", "pk")


def in_force(day: date) -> Q:
    return Q(begins_on__lte=day, suspended_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def of_client(client: ApiClient) -> list[Contract]:
    """All its contracts, whatever their state, newest first: an ended one is said, not hidden. One statement."""
    return list(Contract.objects.filter(client=client).order_by("-begins_on", "-pk"))


def by_hub(authority_id: int, day: date) -> list[Contract]:
    """Those in force of applications that receive through the hub. One statement."""
    return list(Contract.objects.filter(in_force(day), authority=authority_id, way=Way.HUB))
