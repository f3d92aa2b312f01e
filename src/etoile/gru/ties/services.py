"""The only writer of ties: declared, certified, corrected, ended. All in the scope in force, which sees one of the two
persons at least; what must be compared of the other is read by the server, and not told."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import persons as audit
from etoile.gru.people import scope
from etoile.gru.people.certifying import PROOFS, SOURCE
from etoile.gru.people.models import Level, Person
from etoile.gru.ties import checks, scopes
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.kinds import KINDS
from etoile.gru.ties.mandates import KIND, OWN
from etoile.gru.ties.models import Offer, Tie

TIED, CERTIFIED, CORRECTED, ENDED = "person.tied", "person.tie_certified", "person.tie_corrected", "person.tie_ended"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a tie: its details by key, its first and its last day."""

    detail: Mapping[str, str] = field(default_factory=dict)
    begins_on: date | None = None
    ends_on: date | None = None


def declare(kind: str, holder: Person, subject: Person, said: Said, *, source: str) -> tuple[Tie, list[str]]:
    """The tie, and what should be looked at again, in sentences. Raises `TieRefused`."""
    if kind not in KINDS:
        raise TieRefused(_("Choisissez le lien."))
    tie = Tie(
        authority=holder.authority, kind=kind, holder=holder, subject=subject, source=source,
        certified_at=timezone.now(),
    )  # fmt: skip
    _say(tie, said)
    with transaction.atomic():
        _one_at_a_time(tie)
        with _server(tie):
            checks.refuse_pair(tie)
            checks.refuse_twice(tie)
            warnings = checks.warnings(tie)
        tie.save(force_insert=True)
    return tie, warnings


def correct(tie_id: uuid.UUID, said: Said, *, seen: str) -> tuple[Tie, list[str]]:
    """What was said of it is said otherwise; what somebody attested is not changed so. Raises `TieRefused`."""
    return _write(tie_id, said, seen=seen, level=Level.DECLARED, source=None)


def certify(
    tie_id: uuid.UUID, account: Account, said: Said, *, level: Level, seen: str, until: date | None = None
) -> tuple[Tie, list[str]]:
    """The agent saw a paper that says so. `until`: the last day on which it is worth something. Raises `TieRefused`."""
    if level not in PROOFS:
        raise TieRefused(_("Ceci ne s’atteste pas avec un justificatif."))
    with transaction.atomic():
        tie, warnings = _write(tie_id, said, seen=seen, level=level, source=SOURCE, until=until)
        note(CERTIFIED, tie, account)
    return tie, warnings


def end(tie_id: uuid.UUID) -> Tie:
    """It is worth nothing from now on, and is kept. Said again, nothing changes."""
    with transaction.atomic():
        tie = locked(tie_id)
        if tie.ended_at is None:
            today, tie.ended_at = tie.authority.today(), timezone.now()
            if tie.ends_on is None or tie.ends_on > today:
                tie.ends_on = max(filter(None, (today, tie.begins_on)))
            tie.save(update_fields=["ends_on", "ended_at"])
            Offer.objects.filter(tie=tie).delete()
    return tie


def note(action: str, tie: Tie, account: Account) -> None:
    """A line of the audit log for each of the two, with the nature of the tie and not the other person."""
    for each in (tie.holder_id, tie.subject_id):
        audit.note(action, authority=tie.authority_id, by=account, person_id=each, detail={"kind": tie.kind})


def _write(
    tie_id: uuid.UUID, said: Said, *, seen: str, level: Level, source: str | None, until: date | None = None
) -> tuple[Tie, list[str]]:
    with transaction.atomic():
        tie = locked(tie_id)
        if tie.mark != seen:
            raise TieRefused(_("Ce lien a changé entre-temps. Relisez-le, puis recommencez."))
        if tie.is_over:
            raise TieRefused(_("Ce lien est terminé. Notez-en un autre s’il a repris."))
        if level < tie.level_now:
            raise TieRefused(
                _("Ce lien est attesté (%(level)s) : il ne se corrige qu’avec un justificatif au moins aussi sûr.")
                % {"level": tie.level_now.label}
            )
        if until is not None and until < tie.authority.today():
            raise TieRefused(_("Ce justificatif n’est plus valable. Demandez-en un autre."))
        written = _worth(tie)
        _say(tie, said)
        if tie.kind == KIND and tie.source == OWN:
            if _worth(tie) != written:
                raise TieRefused(_("La personne a donné ce mandat elle-même : elle seule le change, dans son espace."))
            # It is worth what its principal said, whatever paper comes beside and goes out of date.
            source = OWN
        _one_at_a_time(tie)
        with _server(tie):
            checks.refuse_twice(tie)
            warnings = checks.warnings(tie)
        tie.level, tie.source, tie.certified_at = level, source or tie.source, timezone.now()
        tie.expires_at = datetime.combine(until, time.max, tie.authority.zone) if until is not None else None
        tie.save()
    return tie, warnings


def _worth(tie: Tie) -> tuple[object, ...]:
    return dict(tie.detail), tie.begins_on, tie.ends_on


def _say(tie: Tie, said: Said) -> None:
    checks.refuse_period(said.begins_on, said.ends_on)
    tie.detail = checks.detail(tie.what, said.detail)
    if scopes.KEY in tie.detail:
        tie.detail[scopes.KEY] = scopes.checked(tie.authority_id, tie.detail[scopes.KEY])
    tie.begins_on, tie.ends_on = said.begins_on, said.ends_on


def locked(tie_id: uuid.UUID) -> Tie:
    """Until the transaction ends. Whoever holds its persons too took them before. Raises `TieRefused`."""
    found = Tie.objects.select_for_update(of=("self",)).select_related("authority").filter(pk=tie_id).first()
    if found is None:
        raise TieRefused(_("Ce lien n’existe plus."))
    return found


def _one_at_a_time(tie: Tie) -> None:
    """Of two who say the same tie at once, the second one finds the first; neither may see both persons' rows."""
    both = "/".join(sorted((str(tie.holder_id), str(tie.subject_id))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [both])


def _server(tie: Tie):  # type: ignore[no-untyped-def]
    return scope.of_task("ties", authority=tie.authority_id, author=scope.current().author)
