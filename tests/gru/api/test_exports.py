"""A list is exported by program, in the name of an agent who may."""

import csv

from tests.gru.api.calling import is_problem

from etoile.gru.access.models import Role
from etoile.gru.access.services import place
from etoile.gru.api.models import Limits
from etoile.gru.batches import running


def test_a_list_is_asked_followed_and_fetched_in_the_name_of_an_agent_who_may_export(town, caller, settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path
    case = town.submit()
    asked = {"agent": town.agent.email, "query": "onglet=ouvertes", "format": "csv"}
    is_problem(caller.act("post", "exports", asked, key="a"), 403)
    place(town.agent, {town.team: [Role.MANAGER]})
    made, again = (caller.act("post", "exports", asked, key="a") for _ in range(2))
    assert (made.status_code, made.content) == (201, again.content), made.content
    path = f"exports/{made.json()['id']}"
    is_problem(caller.get(f"{path}/file", agent=town.agent.email), 409)
    running.export(made.json()["id"], lambda: False)
    assert caller.get(path, agent=town.agent.email).json()["done"] == 1
    file = caller.get(f"{path}/file", agent=town.agent.email)
    rows = list(csv.reader(b"".join(file.streaming_content).decode("utf-8-sig").splitlines(), delimiter=";"))
    assert case.reference in rows[1]
    is_problem(caller.get(path, agent="nobody@valmont.example"), 422)
    Limits.objects.create(client=caller.client, procedures={"acte": ["*"]})
    is_problem(caller.get(path, agent=town.agent.email), 403)
