"""Several authorities on one installation: an address, a secret or a session of one opens nothing under the host of
another. Agents' addresses by their own accounts are those of docs/security.md (`test_matrix`)."""

import pytest
from tests.gru.access import matrix, real
from tests.gru.access.test_matrix import ELSEWHERE, _no_page, elsewhere, site  # noqa: F401
from tests.gru.conftest import log_in

from etoile.gru.access.models import Account, OpenSession
from etoile.gru.audit.models import Entry

PASSWORD = "une phrase assez longue"
# The same picture whoever asks: that of a page which is public.
PUBLIC_FILES = frozenset({"apparence/<path:name>"})
# Leads to the form, which asks again who one is.
LEADS_ON = frozenset({"demarches/<slug:slug>/remplir/<uuid:draft>/reprendre"})
# Opened by the browser that began it, and by no other.
OF_A_BROWSER = "remplir/<uuid:draft>"


@pytest.mark.exigence("ASVS 8.4.1")
@pytest.mark.usefixtures("_no_page")
def test_what_a_person_may_open_opens_nothing_under_another_host(site):  # noqa: F811
    known, wrong = real.addresses(site), []
    people = {each.who for each in known.values()}
    here = {who: real.client(site, who, "testserver") for who in people}
    there = {who: real.client(site, who, ELSEWHERE) for who in people}
    for route in matrix.public_routes():
        if route.path in PUBLIC_FILES | LEADS_ON:
            continue
        named = known[route.path]
        others = [there[named.who], *([here[""]] if OF_A_BROWSER in route.path else [])]
        if any(matrix.reached(here[named.who], others, named)):
            wrong.append(f"{route.path} {named.address}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.exigence("ASVS 8.4.1")
@pytest.mark.usefixtures("_no_page")
def test_a_session_opens_no_page_under_the_host_of_another_authority(site):  # noqa: F811
    """The cookie is that of a host: this is whoever copies it by hand."""
    visitor = real.client(site, "administrator", ELSEWHERE)
    tried = {route.path: matrix.tried(visitor, route.address({}))[0] for route in matrix.routes(matrix.AGENTS)}
    assert {path: status for path, status in tried.items() if status != 403} == {}


def test_an_agent_signs_in_at_home_only_and_the_attempt_is_written(client, town):
    other = Account.objects.create(authority=town.authority, email="lou@valmont.example")
    other.set_password(PASSWORD)
    other.save()
    town.authority.host = "testserver"
    town.authority.save()
    beside = type(town.authority).objects.create(siret="21490998900018", slug="autre", name="Autre", host=ELSEWHERE)
    given = {"username": other.email, "password": PASSWORD}
    refused = client.post("/agents/connexion/", given, headers={"host": ELSEWHERE})
    assert "autre collectivité" in refused.content.decode()
    assert not OpenSession.objects.exists()
    assert Entry.objects.get(action="agent.elsewhere").authority_id == beside.pk
    wrong = client.post("/agents/connexion/", given | {"password": "non"}, headers={"host": ELSEWHERE})
    assert "autre collectivité" not in wrong.content.decode()
    assert client.post("/agents/connexion/", given).status_code == 302
    log_in(client, other)
    assert client.get("/agents/").status_code == 200
