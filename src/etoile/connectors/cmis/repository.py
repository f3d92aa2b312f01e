"""The browser binding of CMIS 1.1, as far as filing needs it: one object per subscription and delivery."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from etoile.connectors.cmis.classification import exception_of, refusal_of
from etoile.connectors.cmis.configuration import Configuration
from etoile.sdk import Context, Document, DocumentError, DoorError, Outcome, Part, access
from etoile.sdk.answers import Answer

PAGE = 200
# A folder of one request; more than this many documents is no folder of one request.
MOST_CHILDREN = 5000


class Stopped(Exception):
    """The exchange ends here, with this outcome. `exception`: the CMIS one, "" when there is none."""

    def __init__(self, outcome: Outcome, exception: str = "") -> None:
        super().__init__(outcome.message)
        self.outcome = outcome
        self.exception = exception


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where one repository answers: about itself and its types, and about what it holds."""

    repository: str
    root: str


@dataclass(frozen=True, slots=True)
class Held:
    """An object of the repository. `size` in bytes, None when it has no content or does not say."""

    id: str
    name: str
    size: int | None

    @property
    def empty(self) -> bool:
        """A document without content: a repository may have died between the two."""
        return self.size == 0


class Repository:
    def __init__(self, context: Context, addresses: Addresses) -> None:
        self._context = context
        self._addresses = addresses

    async def find(self, path: str) -> Held | None:
        """The object at a path, None when there is none. Raises Stopped or DoorError, as all that follow."""
        answer = await call(self._context, "GET", _read(self._addresses.root, path, "object"))
        if self._context.http.rehearsing:
            settings: Configuration = self._context.configuration
            return Held("essai", "", None) if path == settings.folder else None
        if exception_of(answer) == "objectNotFound":
            return None
        return _held(_success(answer))

    async def children(self, path: str) -> dict[str, Held]:
        """What a folder holds, by name. Read from the folder itself: the index of a search is late."""
        found: dict[str, Held] = {}
        more = True
        while more and len(found) < MOST_CHILDREN:
            query = {"maxItems": PAGE, "skipCount": len(found), "includeAllowableActions": "false"}
            body = _success(await call(self._context, "GET", _read(self._addresses.root, path, "children", **query)))
            listed = body.get("objects")
            if not isinstance(listed, list):
                raise Stopped(Outcome.retry("La GED a donné une réponse inattendue (pas de liste)."))
            objects = [_held(each.get("object") if isinstance(each, dict) else None) for each in listed]
            more = body.get("hasMoreItems") is True and bool(objects)
            before = len(found)
            found.update((each.name, each) for each in objects)
            more = more and len(found) > before
        return found

    async def create_folder(self, path: str, properties: Mapping[str, Any]) -> Held:
        """A new folder in the one at `path`."""
        fields = [("cmisaction", "createFolder"), ("succinct", "true"), *as_fields(properties)]
        return _held(_success(await self._post(self._addresses.root + quoted(path), fields)))

    async def create_document(
        self, path: str, properties: Mapping[str, Any], content: Document | bytes, media_type: str, size: int
    ) -> Held:
        """A new document in the folder at `path`, its content streamed. Raises DocumentError too."""
        settings: Configuration = self._context.configuration
        fields = [("cmisaction", "createDocument"), ("succinct", "true")]
        if settings.versioning is not None:
            fields.append(("versioningState", settings.versioning))
        fields += as_fields(properties)
        name = str(properties["cmis:name"])
        url = self._addresses.root + quoted(path)
        return _held(_success(await self._post(url, fields, name, content, media_type, size)))

    async def set_content(self, id: str, name: str, content: Document | bytes, media_type: str, size: int) -> None:
        """Gives a content to a document that has none."""
        fields = [("cmisaction", "setContent"), ("succinct", "true"), ("overwriteFlag", "true")]
        url = f"{self._addresses.root}?{urlencode({'objectId': id})}"
        _success(await self._post(url, fields, name, content, media_type, size))

    async def type_exists(self, id: str) -> bool:
        url = f"{self._addresses.repository}?{urlencode({'cmisselector': 'typeDefinition', 'typeId': id})}"
        answer = await call(self._context, "GET", url)
        if exception_of(answer) in ("objectNotFound", "invalidArgument"):
            return False
        return bool(_success(answer))

    async def allowed(self, path: str) -> Mapping[str, Any]:
        """What our account may do on the object at a path ("canCreateDocument": true)."""
        return _success(await call(self._context, "GET", _read(self._addresses.root, path, "allowableActions")))

    async def _post(
        self,
        url: str,
        fields: list[tuple[str, str]],
        name: str = "",
        content: Document | bytes | None = None,
        media_type: str = "",
        size: int = 0,
    ) -> Answer:
        # Servers built on OpenCMIS read a form in ISO-8859-1 unless this field, first, says otherwise.
        written = [Part(field, value) for field, value in [("_charset_", "UTF-8"), *fields]]
        unreadable: list[DocumentError] = []

        def parts() -> list[Part]:
            if content is None:
                return written
            opened = self._context.open_document
            streamed = content if isinstance(content, bytes) else _watched(opened(content), unreadable)
            return [*written, Part("content", streamed, name, media_type, size)]

        try:
            return await call(self._context, "POST", url, parts)
        except DoorError:
            if unreadable:
                raise unreadable[0] from None
            raise


async def opened(context: Context) -> Addresses:
    """Asks the service where its repository answers. Raises Stopped or DoorError.

    Behind a proxy a repository often tells its inner name: only the path of what it says is kept, and our password
    goes nowhere but to the host of the settings.
    """
    settings: Configuration = context.configuration
    if context.http.rehearsing:
        return Addresses(settings.url, f"{settings.url}/root")
    listed = _success(await call(context, "GET", settings.url))
    described = {key: each for key, each in listed.items() if isinstance(each, dict) and "rootFolderUrl" in each}
    if settings.repository is None and len(described) > 1:
        names = ", ".join(sorted(described))[:200]
        raise Stopped(Outcome.fix_configuration(f"Plusieurs entrepôts dans cette GED, il faut choisir : {names}."))
    wanted = settings.repository or next(iter(described), "")
    if wanted not in described:
        raise Stopped(_no_such_repository(settings, described))
    parts = urlsplit(settings.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    found = described[wanted]
    paths = [urlsplit(str(found.get(name) or settings.url)).path for name in ("repositoryUrl", "rootFolderUrl")]
    return Addresses(*(origin + path.rstrip("/") for path in paths))


def _no_such_repository(settings: Configuration, described: Mapping[str, Any]) -> Outcome:
    if not described:
        return Outcome.fix_configuration(
            "Cette adresse répond, mais ce n’est pas un service CMIS (liaison « browser »)."
        )
    names = ", ".join(sorted(described))[:200]
    return Outcome.fix_configuration(f"Cette GED n’a pas d’entrepôt « {settings.repository} », elle a : {names}.")


async def call(context: Context, method: str, url: str, multipart: Callable[[], list[Part]] | None = None) -> Answer:
    """One request and its answer, whatever the status. `multipart` makes the parts: a try may come again. DoorError."""
    settings: Configuration = context.configuration
    response = await access.request(
        context,
        settings.authentication,
        method,
        url,
        headers={"Accept": "application/json"},
        multipart=multipart,
        timeout=settings.timeout,
    )
    return Answer.read(response.status, response.headers, response.body)


def as_fields(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Properties as the binding writes them in a form (§5.4.4.3.10); a list is a multi-valued one, None is left out."""
    kept = [(name, value) for name, value in properties.items() if value is not None]
    for rank, (name, value) in enumerate(kept):
        yield f"propertyId[{rank}]", name
        if isinstance(value, list):
            yield from ((f"propertyValue[{rank}][{place}]", _text(each)) for place, each in enumerate(value))
        else:
            yield f"propertyValue[{rank}]", _text(value)


def quoted(path: str) -> str:
    return "/" + quote(path.strip("/")) if path.strip("/") else ""


def _read(root: str, path: str, selector: str, **more: Any) -> str:
    return f"{root}{quoted(path)}?{urlencode({'cmisselector': selector, 'succinct': 'true', **more})}"


def _success(answer: Answer) -> dict[str, Any]:
    if refusal := refusal_of(answer):
        raise Stopped(refusal, exception_of(answer))
    if not isinstance(answer.body, dict):
        raise Stopped(Outcome.retry("La GED a donné une réponse inattendue (autre chose qu’un objet JSON)."))
    return answer.body


def _held(described: Any) -> Held:
    """Reads an object, its properties succinct or not. Some say -1 for a length they do not know."""
    body = described if isinstance(described, dict) else {}
    typed, succinct = body.get("properties") or {}, body.get("succinctProperties") or {}
    if not isinstance(typed, dict) or not isinstance(succinct, dict):
        raise Stopped(Outcome.retry("La GED a donné une réponse inattendue (des propriétés illisibles)."))
    facts = {name: each.get("value") for name, each in typed.items() if isinstance(each, dict)} | succinct
    id, name, size = (facts.get(f"cmis:{each}") for each in ("objectId", "name", "contentStreamLength"))
    if not isinstance(id, str) or not isinstance(name, str) or not id:
        raise Stopped(Outcome.retry("La GED a donné une réponse inattendue (pas d’identifiant)."))
    return Held(id, name, size if isinstance(size, int) and size >= 0 else None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


async def _watched(blocks: AsyncIterator[bytes], unreadable: list[DocumentError]) -> AsyncIterator[bytes]:
    """A source that fails while it is being sent looks like a broken connection: remember what it was."""
    try:
        async for block in blocks:
            yield block
    except DocumentError as error:
        unreadable.append(error)
        raise
