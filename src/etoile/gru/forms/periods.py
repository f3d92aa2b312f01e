"""Durations in words: « P2M » is read « 2 mois »."""

import re

from django.utils.translation import ngettext

_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def words(duration: str) -> str:
    """An ISO 8601 duration in calendar units, in the language of the request; anything else is given back as it is."""
    found = _ISO.fullmatch(duration or "")
    if not found or not any(found.groups()):
        return duration
    years, months, weeks, days = (int(group or 0) for group in found.groups())
    said = []
    if years:
        said.append(ngettext("%(n)d an", "%(n)d ans", years) % {"n": years})
    if months:
        said.append(ngettext("%(n)d mois", "%(n)d mois", months) % {"n": months})
    if weeks:
        said.append(ngettext("%(n)d semaine", "%(n)d semaines", weeks) % {"n": weeks})
    if days:
        said.append(ngettext("%(n)d jour", "%(n)d jours", days) % {"n": days})
    return " ".join(said)
