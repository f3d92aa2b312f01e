"""Several authorities on one installation: an address, a secret or a session of one opens nothing under the host of
another. Agents' addresses by their own accounts are those of docs/security.md (`test_matrix`)."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from tests.gru.access import matrix, real
from tests.gru.access.test_matrix import ELSEWHERE, _no_page, elsewhere, site  # noqa: F401
from tests.gru.api.calling import ANSWERS, Caller
from tests.gru.conftest import log_in, make_agent, make_town

from etoile.gru.access.models import Account, Authority, Membership, OpenSession, Role, Sector, Team
from etoile.gru.audit.models import Entry
from etoile.gru.batches import running
from etoile.gru.batches import services as batches
from etoile.gru.batches.models import Kind
from etoile.gru.cases.models import Case, Message
from etoile.gru.desk import labels
from etoile.gru.forms.models import Procedure
from etoile.gru.notices import links
from etoile.gru.notices.models import Notice

PASSWORD = "une phrase assez longue"
# The same picture whoever asks: that of a page which is public.
PUBLIC_FILES = frozenset({"apparence/<path:name>"})
# Of the program: the way to a platform, the same wherever one leaves from; what comes back is of who left.
PLATFORMS = "identite/"
# Leads to the form, which asks again who one is.
LEADS_ON = frozenset({"demarches/<slug:slug>/remplir/<uuid:draft>/reprendre"})
# The town at work has no agreement to take back: its own test does (`tests/gru/rights`).
ABSENT = frozenset({"suivi/<str:key>/mes-donnees/accords/<str:field>/"})
# Opened by the browser that began it, and by no other.
OF_A_BROWSER = "remplir/<uuid:draft>"


@pytest.mark.exigence("ASVS 3.5.3")
@pytest.mark.exigence("ASVS 8.4.1")
@pytest.mark.usefixtures("_no_page")
def test_what_a_person_may_open_and_the_session_of_an_agent_open_nothing_under_another_host(site):  # noqa: F811
    known, wrong = real.addresses(site), []
    people = {each.who for each in known.values()}
    here = {who: real.client(site, who, "testserver") for who in people}
    there = {who: real.client(site, who, ELSEWHERE) for who in people}
    for route in matrix.public_routes():
        if route.path in PUBLIC_FILES | LEADS_ON | ABSENT or route.path.startswith(PLATFORMS):
            continue
        named = known[route.path]
        others = [there[named.who], *([here[""]] if OF_A_BROWSER in route.path else [])]
        if any(matrix.reached(here[named.who], others, named)):
            wrong.append(f"{route.path} {named.address}")
    assert not wrong, "\n".join(wrong)
    # What is left of the URL table, read by whoever it is for: `tried` sees that no link changes anything.
    for route in matrix.all_routes():
        if route.path in known and not route.path.startswith((matrix.AGENTS, *matrix.MACHINES)):
            matrix.tried(here[known[route.path].who], known[route.path].address)
    # The cookie is that of a host: this is whoever copies it by hand.
    visitor = there["administrator"]
    tried = {route.path: matrix.tried(visitor, route.address({}))[0] for route in matrix.routes(matrix.AGENTS)}
    assert {path: status for path, status in tried.items() if status != 403} == {}


@pytest.mark.exigence("ASVS 8.4.1")
def test_an_email_leads_under_the_host_of_its_authority_where_alone_it_opens(client, town, settings):
    settings.ALLOWED_HOSTS = ["testserver", ELSEWHERE]
    beside = make_town("21490998900018", "autre")
    for each, host in ((town, "testserver"), (beside, ELSEWHERE)):
        each.authority.host = host
        each.authority.save()
        case = each.submit()
        told = Notice.objects.filter(case_id=case.pk).latest("created_at")
        for address in (links.address(told), links.wishes_address(told)):
            found = urlsplit(address)
            assert found.netloc == f"{host}:8000"
            assert client.get(found.path, headers={"host": found.netloc}).status_code == 200
    beside.authority.host = "not-yet.example"
    assert links.site(beside.authority) == "http://localhost:8000", "the GRU does not answer to it"


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


def named_in_forms(town, other):
    """What a form may name: the address, what else is typed, where the name goes, ours and theirs."""
    case, theirs = town.submit(), other.submit()
    double = town.submit()
    sector = Sector.objects.create(authority=town.authority, slug="b", name="B")
    team = Team.objects.create(authority=town.authority, sector=sector, slug="b", name="B", email="b@b.fr")
    colleague = make_agent(town.authority, town.team, "lou@valmont.example")
    ours, labels_of = labels.create(town.authority, "À nous"), labels.create(other.authority, "À eux")
    here, day, version = f"/agents/demandes/{case.pk}/", timezone.localdate().isoformat(), {"version": case.version}
    signed = {"given_name": "L", "family_name": "B", "capacity": "C", "service": "S", "begins_on": day}
    opinion = {
        "avis-version": case.version,
        "avis-question": "Oui ?",
        "avis-deadline": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }
    away = {"first": day, "last": day, "agent": town.agent.pk, "stand_in": colleague.pk}
    place = {"name": "N", "slug": "n", "address": "1 place", "email": "n@n.fr", "phone": "02 41 00 00 02"}
    return [
        (f"{here}transmission/", prefixed("transmission", version | {"reason": "Eux"}), "transmission-to",
         team.slug, "ailleurs"),
        (f"{here}avis/", opinion, "avis-to", team.slug, "ailleurs"),
        (f"{here}etiquettes/", {}, "etiquettes-labels", ours.pk, labels_of.pk),
        (f"{here}proches/", prefixed("proche", version), "proche-reference", double.reference, theirs.reference),
        (f"{here}doublon/", prefixed("proche", version), "proche-reference", double.reference, theirs.reference),
        ("/agents/lots/nouveau/", {"kind": "assign", "cases": case.pk}, "to", colleague.pk, other.agent.pk),
        ("/agents/lots/nouveau/", {"kind": "label", "cases": case.pk}, "label", ours.pk, labels_of.pk),
        ("/agents/absences/", away, "stand_in", colleague.pk, other.agent.pk),
        ("/agents/absences/", away, "agent", town.agent.pk, other.agent.pk),
        ("/agents/administration/signataires/nouveau/", signed, "account", colleague.pk, other.agent.pk),
        ("/agents/administration/services/nouveau/", place, "sector", sector.pk, other.sector.pk),
        ("/agents/demarches/nouvelle/", {"title": "Une démarche"}, "team", team.pk, other.team.pk),
        ("/agents/reponses/nouvelle/", {"use": "message", "name": "N", "body": "B"}, "team", team.pk, other.team.pk),
        ("/agents/saisie/renseignements/nouveau/", {"channel": "phone", "asked": "Quand ?"}, "team",
         team.pk, other.team.pk),
    ]  # fmt: skip


def prefixed(prefix, given):
    return {f"{prefix}-{name}": value for name, value in given.items()}


@pytest.mark.exigence("ASVS 8.4.1")
@pytest.mark.exigence("ASVS 8.2.3")
def test_a_form_takes_no_name_of_another_authority(client, town):
    """Ours is taken, with the same words around it: what refuses is whose it is."""
    other = make_town("21490998800012", "autre")
    Membership.objects.filter(account=town.agent).delete()
    Membership.objects.bulk_create(Membership(account=town.agent, role=role) for role in Role)
    Authority.objects.filter(pk=town.authority.pk).update(host="testserver")
    Team.objects.filter(pk=other.team.pk).update(slug="ailleurs")
    log_in(client, town.agent)
    wrong = []
    for address, typed, name, ours, theirs in named_in_forms(town, other):
        taken = [matrix.tried(client, address, {**typed, name: each}) for each in (ours, theirs)]
        if [wrote for _status, wrote in taken] != [True, False]:
            wrong.append(f"{address} {name}: {taken}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.exigence("ASVS 8.4.1")
def test_an_act_on_many_cases_leaves_out_those_of_another_authority(town):
    """They may be asked for: each is refused when its turn comes, and the report says so."""
    case, theirs = town.submit(), make_town("21490998800012", "autre").submit()
    batch = batches.ask(town.agent, Kind.MESSAGE, [case.pk, theirs.pk], {"body": "Bonjour."})
    running.act(batch.pk, lambda: False)
    done = dict(batch.items.values_list("case_id", "state"))
    assert (done[case.pk], done[theirs.pk]) == ("done", "refused")
    assert list(Message.objects.values_list("case_id", flat=True)) == [case.pk]


@pytest.mark.exigence("ASVS 8.4.1")
def test_a_program_names_nothing_of_another_authority(town):
    other = make_town("21490998800012", "autre")
    Procedure.objects.filter(authority=other.authority).update(slug="ailleurs")
    caller = Caller(town)
    caller.sign_in()
    case = town.submit()
    sent = {"procedure": "ailleurs", "answers": ANSWERS}
    assert caller.create(sent).status_code in (404, 422)
    match = f'"{case.version}"'
    foreign = {"agent": other.agent.email, "assignee": other.agent.email, "to": other.agent.email}
    for method, end, body in (
        ("put", "assignment", foreign),
        ("post", "transitions", {"transition": "start", "agent": other.agent.email}),
        ("post", "notes", {"body": "Une note", "agent": other.agent.email}),
    ):
        answer = caller.act(method, f"cases/{case.pk}/{end}", body, match=match, key=end)
        assert answer.status_code in (403, 404, 422), f"{end}: {answer.status_code} {answer.content}"
    assert town.case(case).version == case.version
    assert not Case.objects.filter(authority=other.authority).exists()
