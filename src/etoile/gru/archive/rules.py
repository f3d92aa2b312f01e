"""How long the cases of a procedure are kept: read in its register of processing, as it is in service today.

A delay counts from the day the case ended, in the time of the authority. The rule in force binds the cases sent under
older versions too: what the departmental archives correct is corrected for all.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from etoile.gru.access.models import Authority
from etoile.gru.cases.clock.dates import Length, length
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.texts import Text

DESTROY, ARCHIVE, SAMPLE = "destroy", "archive", "sample"


@dataclass(frozen=True, slots=True)
class Rule:
    """`active`, then `intermediate`, are ISO 8601 durations; `fate` is destroy, archive or sample."""

    procedure: int
    slug: str
    title: Text
    service: str
    zone: ZoneInfo
    active: str
    intermediate: str
    fate: str
    basis: Text

    @property
    def whole(self) -> Length:
        """From the end of the case to the end of its archive."""
        first, then = length(self.active), length(self.intermediate)
        return Length(first.months + then.months, first.days + then.days)

    def leaves_on(self, ended: date) -> date:
        """The day a case that ended that day leaves the lists."""
        return length(self.active).after(ended)

    def leaving_before(self, now: datetime, *, days: int = 0) -> datetime:
        """Cases that ended before this moment have left the lists within `days`."""
        return self._moment(length(self.active), now, days)

    def over_before(self, now: datetime) -> datetime:
        """Cases that ended before this moment have been kept their whole time."""
        return self._moment(self.whole, now, 0)

    def _moment(self, kept: Length, now: datetime, days: int) -> datetime:
        last = kept.before(now.astimezone(self.zone).date() + timedelta(days=days))
        return datetime.combine(last + timedelta(days=1), time(), self.zone)


def rules_of(authority: Authority) -> list[Rule]:
    """One rule a procedure that was ever in service and says how long it is kept, by title. One statement."""
    found = Procedure.objects.filter(authority=authority, current__isnull=False).select_related("current", "team")
    rules = [_rule(each, authority.zone) for each in found]
    return sorted((each for each in rules if each is not None), key=lambda rule: str(rule.title).casefold())


def rule_of(procedure: Procedure) -> Rule | None:
    return _rule(procedure, procedure.authority.zone)


def _rule(procedure: Procedure, zone: ZoneInfo) -> Rule | None:
    if procedure.current is None:
        return None
    definition = procedure.current.definition
    kept = definition.register.retention
    # An unread duration is no duration: such a procedure keeps everything until its register is completed.
    if not length(kept.active) or not kept.final_fate:
        return None
    return Rule(
        procedure=procedure.pk,
        slug=procedure.slug,
        title=definition.title,
        service=procedure.team.name,
        zone=zone,
        active=kept.active,
        intermediate=kept.intermediate,
        fate=kept.final_fate,
        basis=kept.basis,
    )
