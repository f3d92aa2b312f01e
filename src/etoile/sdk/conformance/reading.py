"""What can be seen by reading: a poll that resumes where it stopped, a lookup that answers whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from etoile.sdk.conformance import expectations
from etoile.sdk.conformance.bench import MARGIN, SHORT, Bench
from etoile.sdk.conformance.findings import Failed, FaultRow, Unconcerned, Untested
from etoile.sdk.connector import Polled
from etoile.sdk.faults import VOCABULARY
from etoile.sdk.lookup import LookupOutcome, LookupResult
from etoile.sdk.outcome import Returned

MAX_READINGS = 20
Told = set[tuple[str, str, str | None, object]]


async def polling(bench: Bench) -> str:
    """Each change is told once, also when a reading failed in between."""
    bench.offers("poll")
    move = bench.double.move
    if move is None:
        raise Untested("le double ne sait pas changer un état (move)")
    numbers = [await _delivered(bench) for _ in range(2)]
    cursor, known = await _read(bench, None)
    move(numbers[0])
    cursor, told = await _read(bench, cursor)
    if not any(number == numbers[0] for number, *_ in told - known):
        raise Failed("un changement d’état n’est pas lu à la relève suivante")
    known |= told
    stayed, again = await _read(bench, cursor)
    if again - known:
        raise Failed("sans changement, la relève annonce du nouveau")
    # What is read again is the same to the letter: the hub knows it has it already.
    known |= again
    failed = await _fails(bench, stayed)
    move(numbers[1])
    _, told = await _read(bench, stayed)
    if not any(number == numbers[1] for number, *_ in told - known):
        raise Failed("un changement survenu pendant une panne de la relève est perdu")
    return "chaque changement lu une fois" + (", y compris après une panne" if failed else " (panne : non essayée)")


async def _delivered(bench: Bench) -> str:
    outcome = await bench.deliver(bench.event())
    if not outcome.external_id:
        raise Untested("l’application ne donne pas de numéro à suivre")
    return outcome.external_id


async def _read(bench: Bench, cursor: str | None) -> tuple[str | None, Told]:
    """All the pages from this cursor: where to resume, and what was told."""
    told: Told = set()
    for _ in range(MAX_READINGS):
        polled: Polled = await bench.connector.poll(cursor, bench.context())
        cursor = polled.cursor
        told |= {_identity(number, returned) for number, returned in polled.returned}
        if not polled.more:
            return cursor, told
    raise Failed("la relève dit sans fin qu’il en reste")


def _identity(number: str, returned: Returned) -> tuple[str, str, str | None, object]:
    return (number, returned.status, returned.business_code, returned.sequence or returned.occurred_at)


async def _fails(bench: Bench, cursor: str | None) -> bool:
    """A reading during a breakdown raises, and says why; False when the double cannot break down."""
    if bench.double.faults is None or not ({"down", "unavailable"} & bench.faults.kinds):
        return False
    kind = bench.shows("down", "unavailable")
    with bench.fault(kind):
        try:
            await bench.connector.poll(cursor, bench.context(seconds=5))
        except Exception as error:
            bench.said.append(str(error))
            return True
    raise Failed("une relève qui n’a rien pu lire ne le dit pas")


async def holding(bench: Bench) -> str:
    """What was just delivered is in the list of what the application holds."""
    bench.offers("held")
    since = datetime.now(UTC) - timedelta(days=3660)
    number = await _delivered(bench) if "deliver" in bench.connector.capabilities else None
    held = await bench.connector.held(since, bench.context())
    if held is None:
        raise Untested("les réglages du double ne disent pas où lire cette liste")
    if number is not None and held.complete and number not in {each.external_id for each in held.items}:
        raise Failed("ce qui vient d’être enregistré n’est pas dans la liste")
    return f"{len(held.items)} éléments" + ("" if held.complete else ", liste incomplète et dite telle")


async def callback(bench: Bench) -> str:
    """How an application calls back, and signs, is its own: no double can be asked for it in general."""
    if "receive" not in bench.connector.capabilities:
        raise Unconcerned("le connecteur n’a pas « receive »")
    raise Untested("les rappels de l’application se montrent dans les tests du connecteur")


async def lookup(bench: Bench) -> str:
    """Found, absent and unavailable are three different answers."""
    bench.offers("lookup")
    rig = bench.double
    if rig.query is None:
        raise Untested("le double ne donne pas de question à poser (query)")
    found = await _asked(bench, rig.query)
    if found.result is not LookupResult.FOUND:
        raise Failed(f"la question qui a une réponse reçoit « {found.result} » : {found.message}")
    seen = ["trouvé"]
    if rig.absent is not None:
        absent = await _asked(bench, rig.absent)
        if absent.result is not LookupResult.NOT_FOUND:
            raise Failed(f"ce qui n’existe pas reçoit « {absent.result} » : {absent.message}")
        seen.append("absent")
    kinds = _kinds(bench)
    rows = [await _row(bench, rig.query, kind) for kind in kinds]
    bench.rows += rows
    if wrong := [f"{row.kind} : {fault}" for row in rows for fault in row.faults]:
        raise Failed(" ; ".join(wrong))
    return f"{', '.join(seen)}" + (f" ; {len(kinds)} pannes, rien d’inventé" if kinds else "")


def _kinds(bench: Bench) -> list[str]:
    """The faults that a question can meet: not those of what is written."""
    faults = bench.double.faults
    shown = frozenset() if faults is None else faults.kinds
    asked = shown if bench.kinds is None else shown & bench.kinds
    return sorted(kind for kind in asked if not VOCABULARY[kind].writes)


async def _row(bench: Bench, query: Mapping[str, Any], kind: str) -> FaultRow:
    """Nothing is invented: unavailable, or the last answer known, said to be so."""
    right = expectations.answered(kind)
    try:
        with bench.fault(kind, seconds=60):
            answer = await _asked(bench, query, SHORT if kind in expectations.WAITING else 10)
    except Failed as failed:
        return FaultRow(kind, None, "", right, (str(failed),))
    wrong = answer.result not in right and not answer.stale
    faults = (f"réponse « {expectations.CLASSES[answer.result][0]} »",) if wrong else ()
    return FaultRow(kind, answer.result, answer.message, right, faults)


async def _asked(bench: Bench, query: Mapping[str, Any], seconds: float = 10) -> LookupOutcome:
    # Another instance: what this one remembers of the former questions would hide the fault.
    connector = type(bench.connector)()
    try:
        answer = await asyncio.wait_for(connector.lookup(query, bench.context(seconds=seconds)), seconds + MARGIN)
    except TimeoutError:
        raise Failed("le connecteur n’a pas rendu la main au bout du délai accordé") from None
    bench.said.append(answer.message)
    bench.details.append(answer.detail)
    return answer
