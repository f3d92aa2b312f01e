"""Creating a case by a program: the same validation and the same verb as the screens."""

import uuid
from collections.abc import Mapping
from typing import Any

from etoile.gru.api.acting import case_of, program
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.shapes.cases import CaseIn
from etoile.gru.cases import services
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.filling import asking, closing
from etoile.gru.filling.errors import DraftUnknown
from etoile.gru.filling.identified import is_enough
from etoile.gru.filling.judging import NOTHING, judge
from etoile.gru.filling.mandates import CAPACITIES, offered
from etoile.gru.filling.opened import Filling, draft_of, filling_of
from etoile.gru.filling.submission import submission
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.fields.lookup import Held
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.validation import Result, validate_declarations


def inquire(allowed: Allowed, given: CaseIn) -> Mapping[str, Held]:
    """What the hub says of these answers, to be given to `create`: asked before any transaction. Raises `Refusal`."""
    return asking.for_program(version_of(allowed, given.procedure), given.answers)


def create(allowed: Allowed, given: CaseIn, asked: Mapping[str, Held] = NOTHING) -> Case:
    """Within the transaction of the caller. A draft already sent gives the same case again.

    Raises `Refusal`: 404 for a procedure that is not open here, or for a draft whose case is no longer this client's
    to read; 422 with one error a field.
    """
    version = version_of(allowed, given.procedure)
    if not is_enough(version.definition, ""):
        raise Refusal(403, "identity", "Cette démarche demande que la personne montre elle-même qui elle est")
    draft = _draft(allowed, given, version)
    if draft is not None and draft.draft.confirmed_at is not None:
        return case_of(allowed, draft.draft.pk)
    documents = draft.documents if draft is not None else {}
    result = judge(version, asked, given.answers, documents=documents)
    agreed = validate_declarations(version.definition, given.declarations)
    _refuse(version.definition, given, result, agreed)
    joined = [each for group in documents.values() for each in group]
    case = services.submit(
        **submission(version, result, agreed),
        authority=allowed.authority,
        version=version,
        documents=[each for each in joined if each.field in result.visible],
        case_id=draft.draft.pk if draft is not None else None,
        channel=Channel.API,
        language=given.language,
        actor=program(allowed),
        mandate=_mandate(version.definition, given),
    )
    if draft is not None:
        closing.close(draft.draft, joined, result.visible)
    return case


def opened(allowed: Allowed, identifier: uuid.UUID, key: str, *, lock: bool = False) -> Filling:
    """The draft that this key opens. Raises `Refusal` (404), also for another procedure than the client's."""
    try:
        found = draft_of(identifier, key, allowed.authority, lock=lock)
    except DraftUnknown as unknown:
        raise Refusal(404, "not-found", "Ce brouillon n'existe pas, ou plus") from unknown
    if not allowed.has(found.version.procedure.slug):
        raise NOT_FOUND
    return filling_of(found)


def version_of(allowed: Allowed, slug: str) -> ProcedureVersion:
    """The version in service of an open procedure. Raises `Refusal` (404)."""
    procedure = (
        Procedure.objects.open()
        .filter(authority=allowed.authority, slug=slug)
        .select_related("current__procedure__team__sector")
        .first()
    )
    if procedure is None or procedure.current is None or not allowed.has(slug):
        raise Refusal(404, "not-found", "Cette démarche n'est pas ouverte", errors=[("/procedure", "")])
    return procedure.current


def _draft(allowed: Allowed, given: CaseIn, version: ProcedureVersion) -> Filling | None:
    if given.draft is None:
        return None
    found = opened(allowed, given.draft.id, given.draft.key, lock=True)
    if found.draft.confirmed_at is None and found.version.pk != version.pk:
        raise Refusal(409, "draft-outdated", "La démarche a changé : recommencez avec un nouveau brouillon")
    return found


def _refuse(definition: Definition, given: CaseIn, result: Result, agreed: Result) -> None:
    if result.refusals:
        reasons = [("/answers", f"{each.message} {each.where}".strip()) for each in result.refusals]
        raise Refusal(422, "ineligible", "Cette démarche ne convient pas à cette demande", errors=reasons)
    errors = [(f"/answers/{pointer(definition, given.answers, each.field)}", each.message) for each in result.errors]
    errors += [(f"/declarations/{each.field}", each.message) for each in agreed.errors]
    if errors:
        raise Refusal(422, "invalid-data", "Certaines réponses sont à compléter ou à corriger", errors=errors)


def _mandate(definition: Definition, given: CaseIn) -> dict[str, str]:
    if given.mandate is None:
        return {}
    errors = []
    if given.mandate.on_behalf_of not in dict(offered(definition)):
        errors.append(("/mandate/on_behalf_of", "Cette démarche ne se fait pas pour eux."))
    if given.mandate.capacity not in CAPACITIES:
        errors.append(("/mandate/capacity", f"L'un de : {', '.join(CAPACITIES)}."))
    if errors:
        raise Refusal(422, "invalid-data", "Le mandat est à corriger", errors=errors)
    return given.mandate.model_dump()


def pointer(definition: Definition, answers: Mapping[str, Any], address: str) -> str:
    """The place of an error in what was sent: rows have a number there."""
    block, _, rest = address.partition(".")
    row, _, name = rest.partition(".")
    asked = definition.field(block) if name else None
    rows = [each[ROW] for each in REPEATED.normalise(answers.get(block), asked) or ()] if asked else []
    return f"{block}/{rows.index(row)}/{_escaped(name)}" if row in rows else _escaped(address)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
