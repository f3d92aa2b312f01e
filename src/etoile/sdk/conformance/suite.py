"""The whole suite over one connector."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AsyncExitStack

from etoile.sdk.conformance import declared, delivering, reading, streaming, told
from etoile.sdk.conformance.bench import Bench
from etoile.sdk.conformance.catalogue import Rule
from etoile.sdk.conformance.findings import Finding, Report, Verdict
from etoile.sdk.conformance.locating import Located
from etoile.sdk.conformance.rig import Rig
from etoile.sdk.door import Door

DOCUMENT_BYTES = 100 * 2**20
DECLARED = (
    Rule(
        "manifest",
        "Le manifeste est complet et dit vrai",
        "The manifest is complete and true",
        declared.manifest,
    ),
    Rule("documentation", "Une page l’explique", "A page explains it", declared.documentation),
    Rule("settings", "Chaque réglage est expliqué", "Each setting is explained", declared.settings),
)
CALLED = (
    Rule(
        "credentials",
        "Les bons identifiants passent, les mauvais sont dits",
        "Good credentials pass, wrong ones are said",
        delivering.credentials,
    ),
    Rule(
        "delivery",
        "Une demande est enregistrée et son numéro rendu",
        "A request is recorded and its number given",
        delivering.delivery,
    ),
    Rule(
        "idempotence",
        "Un nouvel essai n’enregistre rien deux fois",
        "Trying again records nothing twice",
        delivering.idempotence,
    ),
    Rule(
        "classification",
        "Chaque panne a la bonne issue",
        "Each fault has the right outcome",
        delivering.classification,
    ),
    Rule(
        "patience",
        "L’attente demandée par l’application est respectée",
        "The wait asked by the application is respected",
        delivering.patience,
    ),
    Rule("deadline", "Le délai accordé est respecté", "The deadline is respected", delivering.deadline),
    Rule(
        "documents",
        "Les pièces passent en flux, sans remplir la mémoire",
        "Documents are streamed, memory stays flat",
        streaming.documents,
    ),
    Rule(
        "polling",
        "La relève reprend où elle s’était arrêtée",
        "A poll resumes where it stopped",
        reading.polling,
    ),
    Rule("holding", "Ce que l’application détient est listé", "What the application holds is listed", reading.holding),
    Rule(
        "callback",
        "Un rappel de l’application est lu, un faux est refusé",
        "A callback of the application is read, a false one refused",
        reading.callback,
    ),
    Rule(
        "lookup",
        "Une question reçoit : trouvé, absent ou indisponible",
        "A question gets: found, absent or unavailable",
        reading.lookup,
    ),
    # Last: they read again what all the others made the connector say.
    Rule(
        "discretion",
        "Rien de personnel ni de secret dans les journaux",
        "Nothing personal nor secret in the logs",
        told.discretion,
    ),
    Rule(
        "words",
        "Les phrases sont en français, sans jargon",
        "The words are French, without jargon",
        told.words,
    ),
)


async def examine(
    located: Located,
    target: str,
    *,
    kinds: Iterable[str] | None = None,
    document_bytes: int = DOCUMENT_BYTES,
) -> Report:
    """Makes every check. `target`: how `locate` found it, for the process that is measured apart. `kinds`: these faults
    only (names of `sdk.faults`). A double that does not start makes what needs it fail.
    """
    bench = Bench(
        located.connector,
        located.folder,
        target,
        why=located.why,
        document_bytes=document_bytes,
        kinds=None if kinds is None else frozenset(kinds),
    )
    findings = [await rule.judge(bench) for rule in DECLARED]
    async with AsyncExitStack() as stack:
        if located.rig is not None:
            try:
                rig: Rig = await stack.enter_async_context(located.rig())
            except Exception as error:
                return Report(located.connector.manifest.name, [*findings, _no_double(error)])
            bench.rig, door = rig, Door(_pairs(rig.allowed), folders=rig.folders)
            bench.door = await stack.enter_async_context(door)
        with bench.listening():
            findings += [await rule.judge(bench) for rule in CALLED]
    return Report(located.connector.manifest.name, findings, tuple(bench.rows))


def _no_double(error: Exception) -> Finding:
    words = f"{type(error).__name__} : {error}"
    return Finding("double", "Le double démarre", "The double starts", Verdict.FAILED, words)


def _pairs(addresses: Iterable[str]) -> list[str]:
    return [each.partition("://")[2].partition("/")[0] if "://" in each else each for each in addresses]
