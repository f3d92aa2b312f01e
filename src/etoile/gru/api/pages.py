"""Keyset pages: an opaque cursor, and a `Link` header to the next page (RFC 8288)."""

from django.http import HttpRequest, HttpResponse

from etoile.gru.api.problems import Refusal
from etoile.gru.cases.lists.pages import Position, Sort, read, written
from etoile.runtime import base64url

LIMIT = 100
LATEST = "latest"


def cursor_of(position: Position) -> str:
    return _sealed(written(position))


def position_of(cursor: str, sort: Sort) -> Position | None:
    """What a cursor says; an empty one is the first page. Raises `Refusal` for one that we did not make."""
    if not cursor:
        return None
    position = read(_opened(cursor), sort)
    if position is None:
        raise _strange()
    return position


def feed_cursor(position: int) -> str:
    return _sealed(f"changes {position}")


def feed_position(cursor: str) -> int:
    """The beginning for an empty one. Raises `Refusal` for one that we did not make."""
    name, _space, number = _opened(cursor).partition(" ") if cursor else ("changes", "", "0")
    if name != "changes" or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise _strange()
    return int(number)


def announce_next(request: HttpRequest, response: HttpResponse, cursor: str) -> None:
    """Add `Link: <…>; rel="next"`, keeping the other parameters."""
    parameters = request.GET.copy()
    parameters["after"] = cursor
    response["Link"] = f'<{request.build_absolute_uri(request.path)}?{parameters.urlencode()}>; rel="next"'


def _sealed(text: str) -> str:
    return base64url.encoded(text.encode())


def _opened(cursor: str) -> str:
    try:
        return base64url.decoded(cursor).decode()
    except ValueError as error:
        raise _strange() from error


def _strange() -> Refusal:
    return Refusal(422, "invalid-data", "Ce curseur n'est pas l'un des nôtres", errors=[("/after", "")])
