"""Creating a case by a program: the same validation and the same verb as the screens."""

from collections.abc import Mapping

from etoile.gru.access.models import ApiClient
from etoile.gru.api.problems import Refusal, storable
from etoile.gru.api.shapes import CaseIn
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.filling import asking
from etoile.gru.filling.judging import NOTHING, judge, submitted
from etoile.gru.filling.services import applicant_of
from etoile.gru.forms.fields.lookup import Held
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.validation import validate_declarations


def inquire(client: ApiClient, given: CaseIn) -> Mapping[str, Held]:
    """What the hub says of these answers, to be given to `create`: asked before any transaction. Raises `Refusal`."""
    if not storable(given.model_dump()):
        raise Refusal(422, "invalid-data", "La requête contient des caractères qui ne se lisent pas")
    return asking.for_program(_version(client, given.procedure), given.answers)


def create(client: ApiClient, given: CaseIn, asked: Mapping[str, Held] = NOTHING) -> Case:
    """Raises `Refusal`: 404 for a procedure that is not open here, 422 with one error a field."""
    version = _version(client, given.procedure)
    definition = version.definition
    result = judge(version, asked, given.answers)
    agreed = validate_declarations(definition, given.declarations)
    errors = [(f"/answers/{each.field}", each.message) for each in result.errors]
    errors += [(f"/declarations/{each.field}", each.message) for each in agreed.errors]
    if errors:
        raise Refusal(422, "invalid-data", "Certaines réponses sont à compléter ou à corriger", errors=errors)
    of_applicant = {each.id for each in definition.fields if each.applicant}
    answers = {key: value for key, value in submitted(definition, result.cleaned).items() if key not in of_applicant}
    return services.submit(
        authority=client.authority,
        version=version,
        applicant=applicant_of(definition, result.cleaned),
        answers={**answers, **agreed.cleaned},
        channel=Channel.API,
        language=given.language,
        actor=actors.application(client.name or client.client_id),
    )


def _version(client: ApiClient, slug: str) -> ProcedureVersion:
    procedure = (
        Procedure.objects.open()
        .filter(authority=client.authority, slug=slug)
        .select_related("current__procedure__team__sector")
        .first()
    )
    if procedure is None or procedure.current is None:
        raise Refusal(404, "not-found", "Cette démarche n'est pas ouverte", errors=[("/procedure", "")])
    return procedure.current
