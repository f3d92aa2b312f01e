"""How fast a client may go, and what it was given by command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.gru.api.calling import Caller, is_problem

from etoile.gru.access.models import ApiClient
from etoile.gru.api.models import Limits, Pace


def test_the_quota_is_announced_and_the_next_request_told_when_to_come_back(town, caller):
    Limits.objects.create(client=caller.client, per_minute=3)
    told = [caller.get("procedures") for _ in range(3)]
    assert [each["RateLimit"].partition(";t=")[0] for each in told] == [f'"default";r={left}' for left in (2, 1, 0)]
    assert told[0]["RateLimit-Policy"] == '"default";q=3;w=60'
    refused = caller.get("procedures")
    assert "3 requêtes" in is_problem(refused, 429)["detail"]
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert refused["RateLimit"].startswith('"default";r=0')
    Pace.objects.update(whole_at="2020-01-01T00:00:00Z")
    assert caller.get("procedures").status_code == 200


def test_a_refusal_counts_too_and_says_what_is_left(town, caller):
    Limits.objects.create(client=caller.client, per_minute=2)
    assert is_problem(caller.get("procedures/rien"), 404)
    assert is_problem(caller.get("procedures/rien"), 404)
    is_problem(caller.get("procedures/rien"), 429)


def test_one_client_does_not_slow_another(town, caller):
    Limits.objects.create(client=caller.client, per_minute=1)
    caller.get("procedures")
    other = Caller(town)
    other.sign_in()
    assert (caller.get("procedures").status_code, other.get("procedures").status_code) == (429, 200)


def command(*words: str) -> str:
    out = StringIO()
    call_command("gru_client", *words, stdout=out)
    return out.getvalue()


def test_a_client_is_made_limited_renewed_and_closed_by_command(town):
    said = dict(
        line.split(": ")
        for line in command("create", "Borne", "--scope=cases:read", "--procedure=acte=motif,allergie").splitlines()
    )
    caller = Caller(town)
    caller.client = ApiClient.objects.get(client_id=said["client_id"])
    assert caller.sign_in(secret=said["client_secret"]).status_code == 200
    assert set(caller.get(f"cases/{town.submit().pk}").json()["answers"]) == {"motif"}, "no contract"
    assert f"{caller.client.client_id}  Borne  [cases:read]  acte=allergie,motif" in command("list")
    command("allow", caller.client.client_id, "--scope=procedures:read", "--per-minute=7")
    is_problem(caller.get("cases"), 401)
    caller.sign_in(secret=said["client_secret"])
    is_problem(caller.get("cases"), 403)
    assert caller.get("procedures")["RateLimit-Policy"] == '"default";q=7;w=60'
    renewed = command("renew", caller.client.client_id).split()[1]
    assert caller.sign_in(secret=said["client_secret"]).status_code == 401
    assert caller.sign_in(secret=renewed).status_code == 200
    command("close", caller.client.client_id)
    is_problem(caller.get("procedures"), 401)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["create", "X", "--scope=all"], "no scope “all”"),
        (["create", "X"], "at least one scope"),
        (["create", "X", "--scope=cases:read", "--procedure=rien"], "no procedure “rien”"),
        (["create", "X", "--scope=cases:read", "--procedure=acte=rien"], "no field “rien”"),
        (["renew", "X"], "no client “X”"),
        (["close"], "name the client"),
    ],
)
def test_what_cannot_be_given_is_refused_in_plain_words(town, words, why):
    with pytest.raises(CommandError, match=why):
        command(*words)
