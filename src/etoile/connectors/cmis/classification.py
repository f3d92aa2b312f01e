"""What the exceptions of CMIS 1.1 (§5.2.10, browser binding) mean for a delivery.

| exception | outcome |
|---|---|
| constraint, invalidArgument, filterNotValid, nameConstraintViolation | fix_data, with the words of the repository |
| permissionDenied, notSupported, streamNotSupported, versioning, objectNotFound | fix_configuration |
| contentAlreadyExists, updateConflict | retry soon: what is there is looked at again |
| runtime, storage | retry |

An answer that names none of them (a proxy's page) means what HTTP says: see `sdk.answers`.
"""

from etoile.sdk import Outcome
from etoile.sdk.answers import CONFLICT_DELAY, Answer, by_status

DATA = {
    "constraint": "La GED refuse ce document, une de ses règles n’est pas respectée",
    "invalidArgument": "La GED refuse une valeur ou une propriété de la correspondance",
    "filterNotValid": "La GED ne connaît pas une propriété demandée",
    "nameConstraintViolation": "La GED refuse le nom d’un dossier ou d’un document",
}
CONFIGURATION = {
    "permissionDenied": "La GED refuse l’accès à notre compte : vérifiez ses droits sur le dossier.",
    "notSupported": "La GED ne sait pas faire ce qui est demandé.",
    "streamNotSupported": "Le type de document réglé ne porte pas de contenu.",
    "versioning": "Le réglage de version (« versioning ») ne convient pas à ce type de document.",
    "objectNotFound": "La GED ne trouve pas le dossier ou le type demandé.",
}
SOON = {
    "contentAlreadyExists": "Un document de ce nom vient d’apparaître dans la GED.",
    "updateConflict": "Ce dossier de la GED vient d’être modifié par quelqu’un d’autre.",
}
LATER = {
    "runtime": "La GED est momentanément indisponible.",
    "storage": "La GED ne peut rien enregistrer pour le moment (place ou stockage).",
}


def exception_of(answer: Answer) -> str:
    """The name of the CMIS exception an answer tells, "" when it tells none."""
    name = answer.body.get("exception") if isinstance(answer.body, dict) and answer.status >= 400 else None
    return name if isinstance(name, str) else ""


def refusal_of(answer: Answer) -> Outcome | None:
    """The outcome of an answer that is not a success; None for a JSON success."""
    name = exception_of(answer)
    detail, status = f"HTTP {answer.status} {name}"[:100], answer.status
    if name in DATA:
        return Outcome.fix_data(f"{DATA[name]} : {answer.words()}", detail, http_status=status)
    if name in CONFIGURATION and status != 401:
        return Outcome.fix_configuration(CONFIGURATION[name], detail, http_status=status)
    if name in SOON:
        after = answer.retry_after() or CONFLICT_DELAY
        return Outcome.retry(SOON[name], after, detail=detail, http_status=status)
    if name in LATER:
        return Outcome.retry(LATER[name], answer.retry_after(), detail=detail, http_status=status)
    return by_status(answer)
