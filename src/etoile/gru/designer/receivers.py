"""What the applications plugged into the hub would make of a version: asked of the hub with made-up requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.cases import events, leaving
from etoile.gru.contracts import sharing
from etoile.gru.contracts.grants import Grant
from etoile.gru.forms import closed, samples
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.outbox.rehearsal import Answer, Receiver, Rehearsed, rehearse
from etoile.gru.outbox.services import document_address

ANSWERS = "answers."
DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Reader:
    """An application that would receive the requests. `sent`: what its mapping gives on an example, by its place."""

    name: str
    subscription: str
    active: bool
    reads: tuple[str, ...]
    sent: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the hub says of a version. `breaks` keep it from being published, `remarks` do not; `silent` says why the
    hub says nothing. `readers_of`: the applications that read the answer to each question."""

    readers: tuple[Reader, ...] = ()
    breaks: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    silent: str = ""
    readers_of: dict[str, list[str]] = field(default_factory=dict)


def told(version: ProcedureVersion) -> Told:
    """Asked now: the database connection is given back before, and a hub that does not answer is said.

    `version.procedure` comes with its authority, its team and its version in service.
    """
    procedure, current = version.procedure, version.procedure.current
    compared = current if current is not None and current.pk != version.pk else None
    grant = sharing.published(procedure.authority, procedure.slug, procedure.team.sector.slug)
    mine = [data(version, turn, grant) for turn in range(samples.turns(version.definition))]
    before = [data(compared, turn, grant) for turn in range(samples.turns(compared.definition, 6))] if compared else []
    found = rehearse(events.SUBMITTED, authority=procedure.authority.siret, data=[*mine, *before])
    if found.answer != Answer.GIVEN:
        return Told(silent=_silence(found))
    after = _merged(found.events[: len(mine)])
    was = _merged(found.events[len(mine) :])
    labels = _labels(version.definition, compared.definition if compared else None)
    return Told(
        readers=tuple(_reader(each) for each in after.values()),
        breaks=tuple(dict.fromkeys(_breaks(version.definition, after, was, labels))),
        remarks=tuple(dict.fromkeys(_remarks(version, after, was, labels))),
        readers_of=_readers_of({**was, **after}),
    )


def data(version: ProcedureVersion, turn: int, grant: Grant) -> dict[str, Any]:
    """A made-up request of this version, in the form of those that are published, cut as they are by `grant`."""
    definition, team = version.definition, version.procedure.team
    opened = grant.opened(version.procedure.slug)
    answers = leaving.open_answers(version, grant, samples.answers(definition, turn))
    files = [name for name in samples.files(definition) if closed.is_open(definition, opened, name)]
    return {
        "case": {
            "id": str(uuid7()),
            "reference": "26-K7QM-3",
            "submitted_at": events.stamp(timezone.now()),
            "channel": "web",
        },
        "procedure": {"slug": version.procedure.slug, "version": version.number, "title": version.name.raw()},
        "applicant": {
            "person": "exemple",
            "kind": "natural",
            "family_name": "Exemple",
            "given_names": "Camille",
            "email": "camille@exemple.fr",
        },
        "answers": answers,
        "documents": [_document(name) for name in files],
        "team": {"slug": team.slug, "name": team.name},
    }


def _document(name: str) -> dict[str, Any]:
    identifier = str(uuid7())
    return {
        "id": identifier,
        "field": name,
        "name": "exemple.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "sha256": DIGEST,
        "url": document_address(identifier),
    }


@dataclass
class _Seen:
    """A subscription over several examples: `failures` by the place of each leaf, `values` of the first example."""

    receiver: Receiver
    failures: dict[str, str] = field(default_factory=dict)
    doubt: str = ""


def _merged(examples: Sequence[Sequence[Receiver]]) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for receivers in examples:
        for each in receivers:
            seen = found.setdefault(each.subscription, _Seen(each))
            seen.failures |= {value.pointer: value.failure for value in each.values if value.failure}
            seen.doubt = seen.doubt or each.doubt
    return found


def _breaks(
    definition: Definition, after: dict[str, _Seen], was: dict[str, _Seen], labels: dict[str, str]
) -> Iterator[str]:
    asked = {each.id for each in definition.every_field()}
    for subscription, seen in was.items():
        if subscription not in after:
            words = _("« %(application)s » reçoit les demandes et ne les recevrait plus (abonnement « %(name)s »).")
            yield words % {"application": seen.receiver.name, "name": subscription}
    for subscription, seen in after.items():
        said, before = {"application": seen.receiver.name}, was.get(subscription)
        gone = [name for name in dict.fromkeys(_needed(seen.receiver)) if name not in asked]
        for name in gone:
            words = _("« %(application)s » a besoin de la réponse « %(label)s », que cette version ne demande pas.")
            yield words % {**said, "label": labels.get(name, name)}
        for pointer, failure in {} if gone else _new(seen.failures, before.failures if before else {}):
            words = _("« %(application)s » n’aurait pas de valeur pour « %(place)s » : %(failure)s")
            yield words % {**said, "place": place(pointer), "failure": failure}
        if seen.doubt and not (before and before.doubt):
            words = _(
                "« %(application)s » : le filtre de son abonnement n’a pas de valeur, rien ne partirait : %(why)s"
            )
            yield words % {**said, "why": seen.doubt}


def _new(failures: dict[str, str], before: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((pointer, failure) for pointer, failure in failures.items() if pointer not in before)


def _remarks(
    version: ProcedureVersion, after: dict[str, _Seen], was: dict[str, _Seen], labels: dict[str, str]
) -> Iterator[str]:
    definition = version.definition
    if not after and not was and definition.treatment in ("hub", "both"):
        yield _("Aucun logiciel ne recevrait ces demandes : le hub n’a pas d’abonnement pour cette démarche.")
    for seen in after.values():
        said = {"application": seen.receiver.name}
        if not seen.receiver.active:
            yield _("« %(application)s » : son abonnement est suspendu, les demandes attendront au hub.") % said
        for name in dict.fromkeys(_needed(seen.receiver)):
            asked = definition.field(name)
            if asked is not None and not asked.required:
                words = _("« %(application)s » ne peut se passer de « %(label)s », qui n’est pas toujours demandée.")
                yield words % {**said, "label": labels.get(name, name)}


def _needed(receiver: Receiver) -> Iterator[str]:
    """The questions whose answer it cannot do without."""
    yield from (_question(read.path) for read in receiver.reads if read.required and read.path.startswith(ANSWERS))


def _question(path: str) -> str:
    return path.removeprefix(ANSWERS).partition(".")[0]


def _readers_of(seen: dict[str, _Seen]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in seen.values():
        paths = [read.path for read in each.receiver.reads] + list(each.receiver.fields)
        for path in paths:
            names = found.setdefault(_question(path), []) if path.startswith(ANSWERS) else []
            if each.receiver.name not in names:
                names.append(each.receiver.name)
    return found


def _reader(seen: _Seen) -> Reader:
    receiver = seen.receiver
    return Reader(
        name=receiver.name,
        subscription=receiver.subscription,
        active=receiver.active,
        reads=tuple(dict.fromkeys(read.path for read in receiver.reads)),
        sent=tuple((place(each.pointer), each.failure or _shown(each.value)) for each in receiver.values),
    )


def place(pointer: str) -> str:
    """A place of what is sent, as one reads it: `/send/Nature` is « Nature »."""
    return pointer.removeprefix("/send").strip("/").replace("/", " › ") or _("tout")


def _shown(value: Any) -> str:
    """A value that would be sent, as one reads it; a document by its name."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, dict):
        return str(value.get("name") or ", ".join(f"{name} : {_shown(each)}" for name, each in value.items()))
    return "–" if value is None else str(value)


def _labels(definition: Definition, before: Definition | None) -> dict[str, str]:
    fields = [*(before.every_field() if before else ()), *definition.every_field()]
    return {each.id: str(each.label) or each.id for each in fields}


def _silence(found: Rehearsed) -> str:
    if found.answer == Answer.FORBIDDEN:
        return _(
            "Le hub ne laisse pas vérifier ce que lisent les logiciels. Demandez à qui l’administre d’ajouter le droit"
            " « registry:read » à l’accès de cette application."
        )
    if found.answer == Answer.REFUSED:
        words = _("Le hub refuserait les demandes de cette version : %(detail)s")
        return words % {"detail": found.detail}
    return _("Le hub ne répond pas : ce que lisent les logiciels métier n’a pas pu être vérifié.")
