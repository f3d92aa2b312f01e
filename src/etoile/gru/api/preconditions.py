"""ETag, If-Match and If-None-Match (RFC 9110): a case has changed since it was read when its version is another."""

from django.http import HttpRequest, HttpResponse

from etoile.gru.api.problems import Refusal
from etoile.gru.cases.models import Case

ANY = "*"


def tag(version: int) -> str:
    return f'"{version}"'


def announce(response: HttpResponse, version: int) -> None:
    response["ETag"] = tag(version)


def expected(request: HttpRequest, case: Case) -> int | None:
    """The version that the client read, to be given to a verb; None for `If-Match: *`.

    Raises `Refusal`: 428 without the header, 412 when it names another version than the one there is.
    """
    given = _tags(request.headers.get("If-Match", ""))
    if not given:
        raise Refusal(
            428,
            "precondition-required",
            "L'en-tête If-Match est nécessaire",
            "Lisez la demande, puis donnez dans If-Match l'ETag de la réponse.",
        )
    if ANY in given:
        return None
    if tag(case.version) not in given:
        raise changed(case.version)
    return case.version


def unchanged(request: HttpRequest, version: int) -> bool:
    """True when the client says it already has this version (If-None-Match): 304 is enough."""
    given = {each.removeprefix("W/") for each in _tags(request.headers.get("If-None-Match", ""))}
    return ANY in given or tag(version) in given


def changed(version: int | None = None) -> Refusal:
    detail = f"Elle en est à la version {version}. " if version is not None else ""
    return Refusal(412, "changed-meanwhile", "La demande a changé depuis que vous l'avez lue", f"{detail}Relisez-la.")


def _tags(header: str) -> list[str]:
    return [each.strip() for each in header.split(",") if each.strip()]
