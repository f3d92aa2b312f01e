"""One call of an operation: the envelope, the credentials, the door."""

from typing import Any

from etoile.connectors.soap import answer, posting, security
from etoile.connectors.soap.configuration import Configuration
from etoile.connectors.soap.contract import Operation
from etoile.sdk import Context, DoorError, Mapping, Outcome, access, formulas
from etoile.sdk.declared import Stopped

MOST_BYTES = 4 * 2**20


def render(tree: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The request of a setting, computed. MappingError."""
    rendered: dict[str, Any] = Mapping.compile(tree, variables=formulas.VARIABLES).apply(values)
    return rendered


async def call(context: Context, name: str, request: dict[str, Any]) -> answer.Reply:
    """One request and its answer, whatever it is.

    Raises DoorError when no answer came or a secret is missing, ContractError when the request does not fit the
    contract, Stopped when it cannot be sent, DocumentError when a document cannot be read.
    """
    configuration: Configuration = context.configuration
    operation = configuration.find(name)
    marks = posting.Marks()
    envelope = operation.envelope(marks.placed(request))
    _refuse_too_large(configuration, marks)
    _identify(context, envelope)
    body = posting.body_of(envelope, marks, operation.version, operation.action, mtom=configuration.documents.mtom)
    try:
        response = await access.request(
            context,
            configuration.authentication,
            "POST",
            configuration.url,
            headers=_headers(operation, body),
            data=body.whole() or (lambda: body.blocks(context)),
            timeout=configuration.timeout,
            max_bytes=MOST_BYTES,
        )
    except DoorError:
        if body.unreadable:
            raise body.unreadable[0] from None
        raise
    return answer.read(response, operation)


def _headers(operation: Operation, body: posting.Body) -> dict[str, str]:
    # The length is said beforehand: many SOAP servers refuse a chunked body.
    headers = {
        "Accept": f"{posting.MEDIA[operation.version]}, multipart/related",
        "Content-Type": body.content_type,
        "Content-Length": str(body.size),
    }
    return headers | ({"SOAPAction": f'"{operation.action}"'} if operation.version == "1.1" else {})


def _identify(context: Context, envelope: Any) -> None:
    settings = context.configuration.security
    if settings is not None:
        password = access.secret(context, settings.secret)
        digest, must = settings.digest, settings.must_understand
        security.sign(envelope, settings.username, password, digest=digest, must_understand=must)


def _refuse_too_large(configuration: Configuration, marks: posting.Marks) -> None:
    sizes = [each.size for each in marks.documents.values()]
    limits = configuration.documents
    if any(size > limits.largest for size in sizes) or sum(sizes) > limits.total:
        raise Stopped(
            Outcome.fix_data(
                f"Les pièces dépassent ce que l’application accepte ({limits.largest // 2**20} Mo chacune,"
                f" {limits.total // 2**20} Mo en tout)."
            )
        )
