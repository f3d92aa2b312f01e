"""What a directory sends, read: a user, the operations of a PATCH, a filter. What the GRU does not keep is let be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

LONGEST = {"userName": 254, "externalId": 255, "given_name": 100, "family_name": 100}
_FILTER = re.compile(r'\s*([\w.:]+|emails\[type eq "work"\]\.value)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE)
_BY_EMAIL = {"username", "emails.value", "emails", 'emails[type eq "work"].value'}
CORE = "urn:ietf:params:scim:schemas:core:2.0:user:"


class Unreadable(Exception):
    """`kind`: the `scimType` of RFC 7644, 3.12; `why`: a sentence."""

    def __init__(self, kind: str, why: str) -> None:
        self.kind, self.why = kind, why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class User:
    """What is kept of a user of RFC 7643, 4.1."""

    email: str = ""
    outside: str = ""
    given_name: str = ""
    family_name: str = ""
    active: bool = True

    @property
    def names(self) -> dict[str, str]:
        return {"given_name": self.given_name, "family_name": self.family_name}


def user(told: Any) -> User:
    """A whole user, for POST and PUT. Raises `Unreadable`."""
    found = User()
    for path, value in _attributes(_object(told)):
        found = _set(found, path, value)
    if not found.email:
        raise Unreadable("invalidValue", "userName is required")
    return found


def patched(before: User, told: Any) -> User:
    """The user once the operations of a PatchOp are done, all of them. Raises `Unreadable`."""
    operations = _field(_object(told), "operations")
    if not isinstance(operations, list) or not operations:
        raise Unreadable("invalidSyntax", "Operations is a list that is not empty")
    for each in operations:
        operation = _object(each)
        verb, path = str(_field(operation, "op")).lower(), _field(operation, "path")
        value = _field(operation, "value")
        if verb not in ("add", "replace", "remove"):
            raise Unreadable("invalidSyntax", "op is add, replace or remove")
        if path is not None and not isinstance(path, str):
            raise Unreadable("invalidPath", "path is text")
        if verb == "remove":
            if path is None:
                raise Unreadable("noTarget", "remove needs a path")
            value = None
        changed = [(path, value)] if path is not None else list(_object(value).items())
        for name, given in changed:
            whole = isinstance(given, Mapping) and name.lower() == "name"
            for leaf, one in _attributes({name: given}) if whole else [(name, given)]:
                before = _set(before, leaf, one)
    return before


def filtered(text: str) -> tuple[str, str]:
    """The column and its value, of the one comparison that directories ask: `userName eq "…"` and its like. Raises
    `Unreadable`."""
    found = _FILTER.fullmatch(text)
    if found is None or not _kept(text):
        raise Unreadable("invalidFilter", 'only ATTRIBUTE eq "VALUE" is known')
    name, value = found[1].lower().removeprefix(CORE), re.sub(r"\\(.)", r"\1", found[2])
    if name in _BY_EMAIL:
        return "email", value
    if name == "externalid":
        return "directory__outside", value
    if name == "id":
        return "pk", value if value.isdecimal() and len(value) < 18 else "0"
    raise Unreadable("invalidFilter", "only userName, externalId, id and emails.value are compared")


def _attributes(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        if name.lower() == "name" and isinstance(value, Mapping):
            yield from ((f"name.{leaf}", one) for leaf, one in value.items())
        else:
            yield name, value


def _set(found: User, path: str, value: Any) -> User:
    """One attribute; names are compared without their case (RFC 7643, 2.1). Others than ours are let be."""
    name = path.lower().removeprefix(CORE)
    if name == "active":
        return replace(found, active=_flag(value))
    if name == "username":
        return replace(found, email=_text("userName", value, needed=True))
    if name == "externalid":
        return replace(found, outside=_text("externalId", value))
    if name == "name.givenname":
        return replace(found, given_name=_text("given_name", value))
    if name == "name.familyname":
        return replace(found, family_name=_text("family_name", value))
    return found


def _flag(value: Any) -> bool:
    """Entra ID sends booleans as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise Unreadable("invalidValue", "active is true or false")


def _text(name: str, value: Any, *, needed: bool = False) -> str:
    text = "" if value is None else value
    if not isinstance(text, str) or len(text) > LONGEST[name] or not _kept(text) or (needed and not text.strip()):
        raise Unreadable("invalidValue", f"{name} is text, {LONGEST[name]} characters at most")
    return text.strip()


def _kept(text: str) -> bool:
    """Whether the database can hold it: neither a NUL nor half of a character, which JSON may name."""
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _object(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise Unreadable("invalidSyntax", "an object is expected")
    return told


def _field(told: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in told.items() if key.lower() == name), None)
