"""Teams, agents and roles, run by the town itself."""

import re
from typing import get_args

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from tests.gru.conftest import log_in

from etoile.gru.access import agents
from etoile.gru.access.models import Account, Role, Team
from etoile.gru.access.rights import Right
from etoile.gru.access.services import Refused, create_agent, place
from etoile.gru.administration import invitations
from etoile.gru.administration.views import journal
from etoile.gru.administration.words import ACTIONS, GROUPS, RIGHT_WORDS
from etoile.gru.audit.models import Entry
from etoile.gru.notices.mail import compose
from etoile.gru.notices.models import Notice

PASSWORD = "une phrase assez longue"


def page(name, *args):
    return reverse(f"administration:{name}", args=args)


def test_each_page_asks_for_its_right_and_home_shows_what_one_may_open(town, administrator, client):
    routes = (page("home"), page("teams"), page("agents"), page("agent-invite"), page("roles"), page("journal"))
    for url in routes:
        assert client.get(url).status_code == 200, url
    other = Client()
    log_in(other, town.agent)
    for url in routes:
        assert other.get(url).status_code == 403, url
    place(town.agent, {None: [Role.DPO]})
    text = other.get(page("home")).content.decode()
    assert page("journal") in text
    assert page("agents") not in text


def test_each_right_and_each_line_of_the_log_has_its_words():
    assert set(get_args(Right)) <= set(RIGHT_WORDS)
    assert journal.words_of("case.start") == "Prise en charge"
    assert journal.words_of("agent.unheard") == "Comptes et rôles"
    assert all(any(each.startswith(start) for start in GROUPS) for each in ACTIONS)


def test_a_team_is_added_and_changed_with_what_the_law_prints(town, administrator, client):
    given = {"name": "Service enfance", "sector": town.sector.pk, "address": "", "email": "non", "phone": ""}
    refused = client.post(page("team-add"), given)
    assert refused.status_code == 422
    assert "la loi l’imprime" in refused.content.decode()
    given |= {"address": "2 rue des Écoles", "email": "enfance@valmont.example", "phone": "02 41 00 00 02"}
    for name in ("Service enfance", "Nouveau"):
        assert client.post(page("team-add"), {**given, "name": name}).status_code == 302
    assert set(Team.objects.values_list("slug", flat=True)) == {"etat-civil", "service-enfance", "nouveau-2"}
    client.post(page("team", "service-enfance"), {**given, "phone": "02 41 00 00 03"})
    line = Entry.objects.filter(action="team.kept").latest("pk")
    assert line.detail == {"before": {"phone": "02 41 00 00 02"}, "after": {"phone": "02 41 00 00 03"}}


def test_an_invited_agent_chooses_a_password_once_by_the_link_of_the_mail(town, administrator, client):
    given = {"email": "Lea@Valmont.example", "family_name": "Martin", f"team_{town.team.pk}": ["reader", "signatory"]}
    assert client.post(page("agent-invite"), {**given, "email": administrator.email}).status_code == 422
    assert client.post(page("agent-invite"), given).status_code == 302
    lea = Account.objects.get(email="lea@valmont.example")
    assert sorted(lea.memberships.values_list("role", flat=True)) == ["reader", "signatory"]
    notice = Notice.objects.get(template=invitations.TEMPLATE)
    mail = compose(notice)
    link = re.search(r"http\S*/agents/invitation/\S+/", mail.body)[0]
    assert link.split("/")[-2] not in str(notice.context)
    visitor, path = Client(), "/agents" + link.partition("/agents")[2]
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, {"new_password1": "court", "new_password2": "court"}).status_code == 422
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert visitor.post(path, chosen).status_code == 302
    assert visitor.post(path, chosen).status_code == 404
    lea.refresh_from_db()
    assert lea.check_password(PASSWORD)
    assert visitor.get("/agents/invitation/zz/non/").status_code == 404


def test_an_access_is_cut_at_once_and_opened_again(town, administrator, client):
    other = Client()
    log_in(other, town.agent)
    assert other.get("/agents/").status_code == 200
    client.post(page("agent-access", town.agent.pk), {"close": "1"})
    assert other.get("/agents/").status_code == 302
    client.post(page("agent-access", town.agent.pk), {"open": "1"})
    assert other.get("/agents/").status_code == 302, "the session that was open has ended: they sign in again"
    client.post(page("agent-access", administrator.pk), {"close": "1"})
    administrator.refresh_from_db()
    assert administrator.is_active
    told = list(Entry.objects.filter(subject=town.agent.email).order_by("pk").values_list("action", flat=True))
    assert told == ["agent.cut", "agent.sessions_ended", "agent.restored"]


def test_an_access_is_cut_and_opened_from_the_command_line(town, administrator):
    for verb, active in (("close", False), ("open", True)):
        call_command("gru_agent", verb, town.agent.email, verbosity=0)
        town.agent.refresh_from_db()
        assert town.agent.is_active is active
    with pytest.raises(CommandError, match="administrer"):
        call_command("gru_agent", "close", administrator.email)
    told = Entry.objects.filter(subject=town.agent.email).order_by("pk").values_list("actor", "action")
    assert list(told) == [("Ligne de commande", "agent.cut"), ("Ligne de commande", "agent.restored")]


def test_roles_are_changed_and_somebody_always_administers(town, administrator, client):
    name = f"team_{town.team.pk}"
    client.post(page("agent", town.agent.pk), {"family_name": "Leroy", name: ["manager"], "whole": ["dpo"]})
    held = {(each.team_id, each.role) for each in town.agent.memberships.all()}
    assert held == {(town.team.pk, "manager"), (None, "dpo")}
    line = Entry.objects.filter(action="agent.roles", subject=town.agent.email).latest("pk")
    assert line.detail == {"before": ["etat-civil=instructor"], "after": ["*=dpo", "etat-civil=manager"]}
    answer = client.post(page("agent", administrator.pk), {"family_name": "Moreau", "whole": []})
    assert answer.status_code == 422
    assert administrator.memberships.get().role == Role.ADMINISTRATOR
    with pytest.raises(Refused):
        agents.cut(administrator, by=None)


def test_an_agent_of_another_authority_does_not_exist_here(administrator, client):
    stranger = Account.objects.create(email="x@bourg.example")
    assert client.get(page("agent", stranger.pk)).status_code == 404
    assert client.post(page("agent-access", stranger.pk), {"close": "1"}).status_code == 404


def test_the_log_shows_the_reading_of_a_case_and_its_own(town, administrator, client, django_assert_max_num_queries):
    case = town.submit()
    other = Client()
    log_in(other, town.agent)
    other.get(reverse("backoffice:case", args=[case.pk]))
    client.get(page("journal"), {"mots": case.reference.lower()})
    with django_assert_max_num_queries(14):
        text = client.get(page("journal")).content.decode()
    assert case.reference in text
    assert "Demande ouverte" in text
    assert "Journal d’audit consulté" in text
    assert client.get(page("journal"), {"du": "hier"}).status_code == 422
    narrowed = client.get(page("journal"), {"mots": case.reference, "sorte": "agent."}).content.decode()
    assert "Demande ouverte" not in narrowed


def test_the_list_of_agents_costs_the_same_whatever_its_length(town, administrator, client, django_assert_num_queries):
    client.get(page("agents"))
    with django_assert_num_queries(13) as before:
        client.get(page("agents"))
    for number in range(5):
        create_agent(town.authority, f"a{number}@valmont.example", password=PASSWORD, roles={town.team: [Role.READER]})
    with django_assert_num_queries(len(before)):
        text = client.get(page("agents"), {"q": "a3@"}).content.decode()
    assert "a3@valmont.example" in text and "a2@valmont.example" not in text
