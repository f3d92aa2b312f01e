"""Answers filled in beforehand: by a signed link, by a lookup, by what an account tells.

The server alone says what they are. Those that are `readonly_when_prefilled` are put back as they were given each time
answers are judged, whatever a browser sends in their place.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import FETCHED, Held, at_path
from etoile.gru.forms.fields.reference import Reference

# attribute -> value, for the account of this request; None when nobody is signed in.
AccountProvider = Callable[[Any], Mapping[str, Any] | None]
_ACCOUNT: list[AccountProvider] = []
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


def register_account(provider: AccountProvider) -> None:
    """The room that knows people with an account says here what theirs tells; without one, nothing is prefilled so."""
    _ACCOUNT[:] = [provider]


def from_account(definition: Definition, request: Any, *, also: Mapping[str, Any] = NOTHING_MORE) -> dict[str, Any]:
    """By field, what the account of the person tells: where the form says so, and where it asks who asks. `also`: by
    attribute, what it tells of those they ask for."""
    told = {**((_ACCOUNT[0](request) if _ACCOUNT else None) or {}), **also}
    return _right((each, told.get(_of_account(each))) for each in definition.fields) if told else {}


def _of_account(each: Field) -> str:
    if each.prefill is None:
        return each.applicant
    return each.prefill.attribute if each.prefill.source == "account" else ""


def from_link(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """By field, what a link told: by attribute; a value that its field would refuse is left out."""
    return _right(
        (each, given.get(each.prefill.attribute))
        for each in definition.fields
        if each.prefill is not None and each.prefill.source == "link"
    )


def from_lookups(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """By field, what lookups that were answered tell: the attribute is `<lookup field>.<path in its data>`."""
    return _right(
        (each, _told(answers, each.prefill.attribute))
        for each in definition.fields
        if each.prefill is not None and each.prefill.source == "lookup"
    )


def fixed(definition: Definition, prefilled: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was filled in, by field, what nobody but the server changes."""
    return {
        each.id: prefilled[each.id]
        for each in definition.fields
        if each.readonly_when_prefilled and prefilled.get(each.id) is not None
    }


def fixed_now(definition: Definition, prefilled: Mapping[str, Any], answers: Mapping[str, Any]) -> set[str]:
    """The fields that are only read, with what is known now."""
    return set(fixed(definition, {**prefilled, **from_lookups(definition, answers)}))


def following(definition: Definition, lookups: Collection[str], *, readonly: bool = True) -> set[str]:
    """The fields that these lookups fill in: those that are only read, or the others."""
    return {
        each.id
        for each in definition.fields
        if each.readonly_when_prefilled is readonly
        and each.prefill is not None
        and each.prefill.source == "lookup"
        and each.prefill.attribute.partition(".")[0] in lookups
    }


def _told(answers: Mapping[str, Any], attribute: str) -> Any:
    name, _dot, path = attribute.partition(".")
    held = answers.get(name)
    if not isinstance(held, Held) or held.state != FETCHED:
        return None
    return at_path(held.get("data"), path)


def _right(pairs: Iterable[tuple[Field, Any]]) -> dict[str, Any]:
    """Values as their fields keep them; what a field would refuse is not prefilled."""
    found: dict[str, Any] = {}
    for each, raw in pairs:
        value = None if raw is None else _as_kept(each, raw)
        if value is not None:
            found[each.id] = value
    return found


def _as_kept(each: Field, raw: Any) -> Any:
    kind = TYPES[each.type]
    value = kind.normalise(raw if not isinstance(raw, float) else str(raw), each)
    # A row is believed only once the table was read, which comes after.
    wrong = not isinstance(kind, Reference) and value is not None and kind.check(value, each)
    return None if wrong else value
