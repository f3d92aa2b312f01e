"""A form made from the settings of a connector gives back the settings it was made from."""

from typing import Annotated, Literal

import pytest
from django.http import QueryDict
from pydantic import BaseModel, Field, ValidationError

from etoile.design.fields import FieldView
from etoile.hub.console import registry_settings as made
from etoile.hub.console.registry_settings import Group
from etoile.hub.registry.star import PolicyPart
from etoile.sdk.connector import discover

CONNECTORS = discover()
STAR = {
    "base_url": "https://a.test/api",
    "timeout": 12.5,
    "authentication": {"kind": "basic", "username": "étoile", "secret": "mot_de_passe"},
    "headers": {"Accept-Language": "fr", "X-Url": "https://b.test:8080/x"},
    "request": {"path": "/cases", "method": "PUT", "idempotency_header": None},
    "success": {"external_id": "response.id", "when": "has(response.id)"},
    "errors": [
        {
            "when": "response.status == 409",
            "outcome": "acknowledged",
            "message": "Déjà là",
            "external_id": "response.id",
        },
        {"when": "true", "outcome": "retry", "message": "Plus tard", "after": 60},
    ],
    "lookup": {"path": "/cases", "found": "true", "external_id": "response.id", "always": False},
    "poll": {
        "path": "/changes",
        "items": "response.items",
        "position": "item.at",
    },
}


def controls(nodes):
    for node in nodes:
        yield from node.fields if isinstance(node, Group) else [node]


def posted(nodes) -> QueryDict:
    """What a browser sends of the fields as they were drawn."""
    post = QueryDict(mutable=True)
    for view in controls(nodes):
        assert isinstance(view, FieldView)
        if view.widget == "checkbox":
            if view.value:
                post[view.name] = "on"
        elif view.widget == "select":
            post[view.name] = next((each.value for each in view.options if each.checked), "")
        else:
            post[view.name] = str(view.value).replace("\n", "\r\n")
    return post


def round_trip(model, values):
    nodes = made.draw(model, values, {}, "reglage")
    return model.model_validate(made.read(model, posted(nodes), "reglage"))


def test_the_largest_settings_come_back_as_they_were() -> None:
    model = CONNECTORS["http_json"].Configuration
    assert round_trip(model, STAR) == model.model_validate(STAR)


@pytest.mark.parametrize(
    "access",
    [
        {"kind": "certificate"},
        {"kind": "bearer", "certificate": {"certificate": "client_certificate", "key": "client_key"}},
        {"kind": "hmac", "prefix": "sha256=", "timestamp_header": "X-Time"},
        {"kind": "standard_webhooks", "secrets": ["old", "new"]},
        {"kind": "oauth2", "token_url": "https://a.test/token", "client_id": "ville", "send_in": "body"},
    ],
    ids=lambda access: access["kind"],
)
def test_each_access_to_an_application_comes_back_as_it_was(access) -> None:
    model = CONNECTORS["http_json"].Configuration
    values = STAR | {"authentication": access}
    assert round_trip(model, values) == model.model_validate(values)


@pytest.mark.parametrize("values", [{}, {"delays": [0, 5.5, 30], "timeout": 12, "concurrency": 3}])
def test_the_delivery_policy_comes_back_as_it_was(values) -> None:
    assert round_trip(PolicyPart, values) == PolicyPart.model_validate(values)


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_the_settings_of_every_installed_connector_have_a_form_with_one_name_per_field(name) -> None:
    nodes = made.draw(CONNECTORS[name].Configuration, {}, {}, "reglage")
    views = list(controls(nodes))
    assert len({view.name for view in views}) == len(views)
    assert len({view.id for view in views}) == len(views)
    assert all(view.label for view in views)


def test_an_empty_form_says_which_settings_are_missing_at_their_place() -> None:
    model = CONNECTORS["http_json"].Configuration
    empty = QueryDict(mutable=True)
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(made.read(model, empty, "reglage"))
    found = {made.places(model, each["loc"]) for each in refusal.value.errors()}
    assert found == {("base_url",), ("request", "path"), ("success", "external_id")}


class Left(BaseModel):
    kind: Literal["left"]
    size: int = Field(title="Taille")


class Right(BaseModel):
    kind: Literal["right"]


class Chosen(BaseModel):
    way: Annotated[Left | Right, Field(discriminator="kind")] = Field(title="Sens")


def test_an_error_inside_a_variant_is_at_the_field_that_shows_it() -> None:
    post = QueryDict("reglage.way.kind=left&reglage.way.size=grand")
    with pytest.raises(ValidationError) as refusal:
        Chosen.model_validate(made.read(Chosen, post, "reglage"))
    place = made.places(Chosen, refusal.value.errors()[0]["loc"])
    nodes = made.draw(Chosen, made.read(Chosen, post, "reglage"), {place: "faux"}, "reglage")
    assert {view.name: view.error for view in controls(nodes)}["reglage.way.size"] == "faux"


def test_a_decimal_may_be_written_with_a_comma() -> None:
    assert PolicyPart.model_validate(made.read(PolicyPart, QueryDict("p.timeout=2,5"), "p")).timeout == 2.5
