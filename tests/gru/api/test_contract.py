"""The description and the answers say the same, whatever is sent: schemathesis makes the requests from the one, and
holds the others to it."""

import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings as settings_of_django
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema_rs import ValidationError, validator_for
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as holding
from tests.gru.api.calling import Caller
from tests.gru.conftest import Town

from etoile.gru.api.examples import EXAMPLES
from etoile.gru.api.kinds import KINDS, URN
from etoile.gru.api.v1 import api

CHECKS = [
    not_a_server_error,
    holding.status_code_conformance,
    holding.content_type_conformance,
    holding.response_schema_conformance,
    holding.response_headers_conformance,
    holding.negative_data_rejection,
]
EACH = settings(
    # The same requests each time; CONTRACT_EXAMPLES=100 looks for others.
    max_examples=int(os.environ.get("CONTRACT_EXAMPLES", "3")),
    derandomize="CONTRACT_EXAMPLES" not in os.environ,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


@contextmanager
def one_transaction():
    """Django closes connections around a request, and its client sees to it again: the test's own must last."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


def described() -> dict:
    return json.loads(json.dumps(api.get_openapi_schema()))


@pytest.mark.exigence("ASVS 1.2.4")
@pytest.mark.exigence("ASVS 2.2.2")
@pytest.mark.exigence("ASVS 4.1.1")
def test_every_operation_holds_to_its_description_whatever_is_sent(town: Town, caller: Caller, settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path
    known = {"case_id": str(town.submit().pk), "slug": "acte"}
    schema = schemathesis.openapi.from_dict(described())
    schema.app = get_wsgi_application()
    played = set()

    def play(asked, real: bool) -> None:
        if real:
            asked.path_parameters = {name: known.get(name, value) for name, value in asked.path_parameters.items()}
            if isinstance(asked.body, dict) and "agent" in asked.body:
                asked.body["agent"] = town.agent.email
        response = asked.call(headers={"Authorization": f"Bearer {caller.token}"})
        asked.validate_response(response, checks=CHECKS)
        played.add(asked.operation.definition.raw["operationId"])

    for found in schema.get_all_operations():
        operation = found.ok()
        right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        with one_transaction():
            EACH(given(asked=right, real=st.booleans())(play))()
            if may_be_wrong(operation.definition.raw):
                wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
                EACH(given(asked=wrong, real=st.just(False))(play))()
    assert played == {each["operationId"] for _path, each in operations()}


def may_be_wrong(raw: dict) -> bool:
    """Any text is a slug."""
    given = [each for each in raw["parameters"] if each["in"] != "path" or "format" in each["schema"]]
    return bool(given) or "requestBody" in raw


def operations():
    return [(path, each) for path, methods in described()["paths"].items() for each in methods.values()]


def test_the_description_is_an_openapi_document():
    schemathesis.openapi.from_dict(described()).validate()
    with pytest.raises(ValidationError):
        schemathesis.openapi.from_dict({**described(), "paths": {"x": 1}}).validate()


def test_no_two_shapes_go_by_one_name():
    """The description would give one of them for both."""
    named = [each for each in Schema.__subclasses__() if each.__module__.startswith("etoile.gru.api.")]
    below = [inner for each in named for inner in each.__subclasses__()]
    names = [each.__name__ for each in {*named, *below}]
    assert sorted(names) == sorted(set(names))


def test_every_example_is_what_its_schema_says():
    schema = described()
    shown = {"components": schema["components"]}
    told = set()
    for _path, each in operations():
        answers = [answer for status, answer in each["responses"].items() if status in ("200", "201")]
        for place in [*answers, *([each["requestBody"]] if "requestBody" in each else [])]:
            for media, said in place.get("content", {}).items():
                if media != "application/json":
                    continue
                assert "example" in said, each["operationId"]
                told.add(each["operationId"])
                assert list(validator_for({**said["schema"], **shown}).iter_errors(said["example"])) == []
    assert set(EXAMPLES) == told


def test_every_operation_says_its_scope_its_quota_and_its_refusals():
    for path, each in operations():
        (asked,) = each["security"]
        (scope,) = asked["oauth2"]
        assert scope in settings_of_django.OAUTH2_PROVIDER["SCOPES"]
        refusals = {int(status) for status in each["responses"] if int(status) >= 400}
        assert refusals >= {401, 403, 429} | ({404} if "{" in path else set())
        for status in refusals:
            assert list(each["responses"][str(status)]["content"]) == ["application/problem+json"]


def test_each_type_of_refusal_has_one_sentence_in_the_description_and_one_in_the_page():
    kinds = described()["components"]["schemas"]["Problem"]["properties"]["type"]["oneOf"]
    assert {each["const"]: each["description"] for each in kinds} == {URN + kind: said for kind, said in KINDS.items()}
    assert all(said.endswith(".") and len(said) < 120 for said in KINDS.values())
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    _before, _title, table = page.partition("| `urn:etoile:problem:` |")
    assert re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", table, re.MULTILINE) == sorted(KINDS)
