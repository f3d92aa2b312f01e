"""What is held of a person who looks like another one, or is one with another record."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from etoile.gru.matching.models import Asking, Exclusion, Merge, Move, Suspicion
from etoile.gru.rights.holdings.shapes import AGENT, INNER, OTHERS, Held, hidden
from etoile.gru.rights.subject import Subject


def _of_the_pair(subject: Subject) -> Q:
    return Q(first_id__in=subject.people) | Q(second_id__in=subject.people)


def _of_the_merge(subject: Subject) -> Q:
    return Q(master_id__in=subject.people) | Q(merged_id__in=subject.people)


def _of_its_lines(subject: Subject) -> Q:
    """By a link alone, what went from that record: neither what the other one had, nor its values."""
    whole = [each for each in subject.people if each not in subject.linked]
    gone = Q(merge__merged_id__in=list(subject.linked)) & ~Q(holder=Move.VALUE)
    return Q(merge__master_id__in=whole) | Q(merge__merged_id__in=whole) | gone


TABLES = (
    Held(
        Suspicion,
        _("Les fiches qui ressemblent à la vôtre"),
        ("points", "found_at"),
        {
            **hidden(INNER, "id", "authority", "locked_until"),
            **hidden(AGENT, "locked_by", "flagged_by"),
            **hidden(OTHERS, "first", "second", "why"),
        },
        where=_of_the_pair,
    ),
    Held(
        Exclusion,
        _("Les fiches dont un agent a dit qu’elles ne sont pas la vôtre"),
        ("at",),
        {**hidden(INNER, "id", "authority"), **hidden(AGENT, "account"), **hidden(OTHERS, "first", "second", "why")},
        where=_of_the_pair,
    ),
    Held(
        Asking,
        _("Les fois où nous vous avons demandé si une autre fiche est la vôtre"),
        ("asked_at", "state", "answered_at", "ends_at"),
        {
            **hidden(INNER, "id", "authority", "left", "space"),
            **hidden(AGENT, "asked_by"),
            **hidden(OTHERS, "first", "second"),
        },
        where=_of_the_pair,
    ),
    Held(
        Merge,
        _("Les fiches réunies à la vôtre"),
        ("at", "points", "undone_at"),
        {
            **hidden(INNER, "id", "authority", "master", "merged", "asking"),
            **hidden(AGENT, "account", "undone_by"),
            **hidden(OTHERS, "why", "undone_why"),
        },
        where=_of_the_merge,
    ),
    # Of a merge that was a mistake, the lines speak of two persons: somebody looks before they are given.
    Held(
        Move,
        _("Ce qui est passé d’une fiche à l’autre"),
        ("holder", "row", "before", "after"),
        hidden(INNER, "id", "merge", "case_id"),
        where=_of_its_lines,
        on_request="merge__at",
    ),
)
