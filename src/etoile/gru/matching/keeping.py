"""The rules of an authority: its own when it has some, else those we give."""

from typing import Any

from etoile.gru.access.models import Authority
from etoile.gru.matching.models import RuleSet, ToExamine
from etoile.gru.matching.rules import Rules, parse, usual
from etoile.gru.people import scope
from etoile.gru.people.models import Person


def rules_of(authority: int) -> Rules:
    """One statement."""
    own = RuleSet.objects.filter(authority=authority).values_list("rules", flat=True).first()
    return usual() if own is None else parse(own)


def keep(authority: Authority, raw: Any) -> Rules:
    """Put these rules in force, and compare everybody by them. Raises `RulesError`; nothing is changed then."""
    rules = parse(raw)
    RuleSet.objects.update_or_create(authority=authority, defaults={"rules": raw})
    everybody(authority)
    return rules


def give_back(authority: Authority) -> None:
    """The usual rules again."""
    RuleSet.objects.filter(authority=authority).delete()
    everybody(authority)


def everybody(authority: Authority) -> int:
    """All the persons of an authority will be compared again: after new rules, or a new key of the server."""
    with scope.of_task("matching", authority=authority.pk):
        found = Person.objects.filter(authority=authority, merged_into=None).values_list("pk", flat=True)
        waiting = [ToExamine(person_id=each) for each in found.iterator(chunk_size=2000)]
    ToExamine.objects.bulk_create(waiting, ignore_conflicts=True, batch_size=2000)
    return len(waiting)
