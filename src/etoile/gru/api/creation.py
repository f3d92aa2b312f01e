"""Creating a case by a program: the same validation and the same verb as the screens."""

from collections.abc import Mapping
from typing import Any

from etoile.gru.api.acting import program
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.problems import Refusal, storable
from etoile.gru.api.shapes.cases import CaseIn
from etoile.gru.cases import services
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.filling import asking
from etoile.gru.filling.judging import NOTHING, judge
from etoile.gru.filling.submission import submission
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.fields.lookup import Held
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.validation import validate_declarations


def inquire(allowed: Allowed, given: CaseIn) -> Mapping[str, Held]:
    """What the hub says of these answers, to be given to `create`: asked before any transaction. Raises `Refusal`."""
    if not storable(given.model_dump()):
        raise Refusal(422, "invalid-data", "La requête contient des caractères ou des niveaux qui ne se lisent pas")
    return asking.for_program(_version(allowed, given.procedure), given.answers)


def create(allowed: Allowed, given: CaseIn, asked: Mapping[str, Held] = NOTHING) -> Case:
    """Raises `Refusal`: 404 for a procedure that is not open here, 422 with one error a field."""
    version = _version(allowed, given.procedure)
    definition = version.definition
    result = judge(version, asked, given.answers)
    agreed = validate_declarations(definition, given.declarations)
    if result.refusals:
        reasons = [("/answers", f"{each.message} {each.where}".strip()) for each in result.refusals]
        raise Refusal(422, "ineligible", "Cette démarche ne convient pas à cette demande", errors=reasons)
    errors = [(f"/answers/{_pointer(definition, given.answers, each.field)}", each.message) for each in result.errors]
    errors += [(f"/declarations/{each.field}", each.message) for each in agreed.errors]
    if errors:
        raise Refusal(422, "invalid-data", "Certaines réponses sont à compléter ou à corriger", errors=errors)
    return services.submit(
        **submission(version, result, agreed),
        authority=allowed.authority,
        version=version,
        channel=Channel.API,
        language=given.language,
        actor=program(allowed),
    )


def _pointer(definition: Definition, answers: Mapping[str, Any], address: str) -> str:
    """The place of an error in what was sent: rows have a number there."""
    block, _, rest = address.partition(".")
    row, _, name = rest.partition(".")
    asked = definition.field(block) if name else None
    rows = [each[ROW] for each in REPEATED.normalise(answers.get(block), asked) or ()] if asked else []
    return f"{block}/{rows.index(row)}/{_escaped(name)}" if row in rows else _escaped(address)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _version(allowed: Allowed, slug: str) -> ProcedureVersion:
    procedure = (
        Procedure.objects.open()
        .filter(authority=allowed.authority, slug=slug)
        .select_related("current__procedure__team__sector")
        .first()
    )
    if procedure is None or procedure.current is None or not allowed.has(slug):
        raise Refusal(404, "not-found", "Cette démarche n'est pas ouverte", errors=[("/procedure", "")])
    return procedure.current
