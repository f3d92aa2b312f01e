"""What can be seen by delivering: credentials, the number given, one thing written whatever happens."""

from __future__ import annotations

import time

from etoile.contract.envelope import Event
from etoile.sdk.conformance.bench import MARGIN, SHORT, Bench
from etoile.sdk.conformance.expectations import CLASSES, WAITING, expected
from etoile.sdk.conformance.findings import Failed, FaultRow, Unconcerned, Untested
from etoile.sdk.conformance.rig import Rig
from etoile.sdk.outcome import Outcome, OutcomeKind

WAIT = 17


async def credentials(bench: Bench) -> str:
    """Good ones pass the check; wrong ones are said by the check, and block a delivery."""
    bench.offers("check")
    rig = bench.double
    checks = await bench.connector.check(bench.context())
    bench.said += [each.message for each in checks]
    if wrong := [each for each in checks if not each.ok]:
        raise Failed(f"avec de bons réglages, la vérification dit : {wrong[0].name}, {wrong[0].message}")
    if not rig.wrong_secrets:
        return f"{len(checks)} points vérifiés ; pas d’identifiants à essayer"
    # Another instance: this one may remember a token that the good credentials earned.
    fresh = type(bench.connector)()
    checks = await fresh.check(bench.context(secrets=rig.wrong_secrets))
    bench.said += [each.message for each in checks]
    refused = [each for each in checks if not each.ok]
    outcome = None
    if "deliver" in bench.connector.capabilities:
        outcome = await bench.deliver(bench.event(), connector=fresh, secrets=rig.wrong_secrets)
        if outcome.kind is not OutcomeKind.FIX_CONFIGURATION:
            raise Failed(f"avec de mauvais identifiants, la livraison est dite « {CLASSES[outcome.kind][0]} »")
    if refused:
        return f"bons : acceptés ; mauvais : « {refused[0].message} »"
    if outcome is None:
        raise Failed("de mauvais identifiants passent la vérification")
    # Some applications can only be asked by writing: then the delivery is the one to say it.
    return f"bons : acceptés ; mauvais : dits à la livraison seulement, « {outcome.message} »"


async def delivery(bench: Bench) -> str:
    """One event gives one thing in the double, and its number when it has one."""
    bench.offers("deliver")
    before = bench.double.written()
    outcome = await bench.deliver(bench.event())
    if not outcome.kind.settles:
        raise Failed(f"issue « {CLASSES[outcome.kind][0]} » : {outcome.message}")
    written = await bench.settled(before + 1) - before
    if written != 1:
        raise Failed(f"une livraison a écrit {written} choses dans le double")
    if outcome.external_id:
        return f"numéro {outcome.external_id}"
    if outcome.kind is OutcomeKind.ACKNOWLEDGED and not bench.connector.manifest.limits.numberless:
        raise Failed("enregistré sans numéro ; si l’application n’en donne pas : limits.numberless dans le manifeste")
    return "l’application ne donne pas de numéro" if outcome.kind is OutcomeKind.ACKNOWLEDGED else "numéro à venir"


async def idempotence(bench: Bench) -> str:
    """The same event with the same key writes once: asked twice, and after an answer that was lost."""
    bench.offers("deliver")
    seen = [await _twice(bench, fault=None)]
    if bench.rig and bench.rig.faults and "write_then_fail" in bench.rig.faults.kinds:
        seen.append(await _twice(bench, fault="write_then_fail"))
    if max(seen) == 1:
        lost = " ; réponse perdue : une seule chose écrite" if len(seen) == 2 else " (réponse perdue : non essayé)"
        return f"deux essais : une seule chose écrite{lost}"
    if bench.connector.manifest.limits.at_least_once:
        return "peut écrire deux fois : déclaré dans le manifeste (limits.at_least_once)"
    raise Failed(f"un second essai a écrit {max(seen)} choses ; à défaut : limits.at_least_once dans le manifeste")


async def _twice(bench: Bench, fault: str | None) -> int:
    """How many things two tries of one event wrote."""
    event, before = bench.event(), bench.double.written()
    if fault:
        with bench.fault(fault, count=1):
            first = await bench.deliver(event)
        await bench.settled(before + 1)
    else:
        first = await bench.deliver(event)
    second = await bench.deliver(event, attempt=2)
    if not second.kind.settles:
        raise Failed(f"le second essai n’aboutit pas : {second.message}")
    if first.external_id and second.external_id and first.external_id != second.external_id:
        raise Failed(f"deux essais donnent deux numéros, {first.external_id} et {second.external_id}")
    return await bench.settled(before + 1) - before


async def classification(bench: Bench) -> str:
    """Each fault gets the outcome that it calls for, and the retry that follows writes what is missing, once."""
    bench.offers("deliver")
    kinds = sorted(bench.faults.kinds if bench.kinds is None else bench.faults.kinds & bench.kinds)
    if not kinds:
        raise Untested("le double ne sait montrer aucune de ces pannes")
    rows = [await _row(bench, bench.double, kind) for kind in kinds]
    bench.rows += rows
    if wrong := [f"{row.kind} : {fault}" for row in rows for fault in row.faults]:
        raise Failed(" ; ".join(wrong))
    return f"{len(kinds)} pannes, {len(kinds)} issues justes, et le nouvel essai aboutit"


async def _row(bench: Bench, rig: Rig, kind: str) -> FaultRow:
    event, before, right = bench.event(), rig.written(), expected(kind)
    try:
        with bench.fault(kind):
            outcome = await bench.deliver(event, seconds=SHORT if kind in WAITING else 10)
    except Failed as failed:
        return FaultRow(kind, None, "", right, (str(failed),))
    faults = []
    if outcome.kind not in right:
        wanted = " ou ".join(sorted(CLASSES[each][0] for each in right))
        faults.append(f"issue « {CLASSES[outcome.kind][0]} », attendue « {wanted} »")
    # A request that was only slow goes on in the application after the connector gave up.
    await bench.settled(before + 1 if kind == "slow" or outcome.kind.settles else 0)
    faults += await _recovery(bench, event, outcome, before, kind)
    return FaultRow(kind, outcome.kind, outcome.message, right, tuple(faults))


async def _recovery(bench: Bench, event: Event, outcome: Outcome, before: int, kind: str) -> list[str]:
    """What is wrong with the try that follows, once the application is well again."""
    try:
        again = await bench.deliver(event, attempt=2)
    except Failed as failed:
        return [f"ensuite, {failed}"]
    if not again.kind.settles:
        return [f"une fois la panne finie, le nouvel essai n’aboutit pas : {again.message}"]
    written = await bench.settled(before + 1) - before
    # An application that doubles by itself is not the connector's doing.
    doubled = written > 1 and kind != "duplicate" and not bench.connector.manifest.limits.at_least_once
    return [f"la panne et le nouvel essai ont écrit {written} choses"] if doubled or written == 0 else []


async def patience(bench: Bench) -> str:
    """An application that asks to wait is not called before."""
    bench.offers("deliver")
    if not bench.double.asks_to_wait:
        raise Unconcerned("ce protocole n’a pas de moyen de demander une attente")
    kind = bench.shows("too_many")
    with bench.fault(kind, retry_after=WAIT):
        outcome = await bench.deliver(bench.event())
    if outcome.retry_after == WAIT:
        return f"{WAIT} secondes demandées, {WAIT} secondes attendues"
    raise Failed(f"l’application demande {WAIT} secondes, le connecteur attend {outcome.retry_after or 'à sa guise'}")


async def deadline(bench: Bench) -> str:
    """Time is up: the connector gives the hand back, and says so."""
    bench.offers("deliver")
    kind = bench.shows("time_out", "slow")
    started = time.monotonic()
    with bench.fault(kind, seconds=60):
        outcome = await bench.deliver(bench.event(), seconds=SHORT)
    if time.monotonic() - started > SHORT + MARGIN:
        raise Failed("le connecteur dépasse le délai accordé")
    if outcome.kind is not OutcomeKind.RETRY:
        raise Failed(f"délai dépassé : issue « {CLASSES[outcome.kind][0]} », attendue « nouvel essai »")
    return f"rend la main à temps : « {outcome.message} »"
