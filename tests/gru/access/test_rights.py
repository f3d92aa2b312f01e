import re
from pathlib import Path
from typing import get_args

import pytest
from django.urls import reverse

from etoile.gru.access.models import Membership, Role, Sector, Team
from etoile.gru.access.rights import RIGHTS, Right, has_right
from etoile.gru.access.services import Refused, place
from etoile.gru.cases.queries import visible_to

DOCUMENT = Path(__file__).parents[3] / "docs" / "roles.md"


@pytest.fixture
def elsewhere(town):
    sector = Sector.objects.create(authority=town.authority, slug="enfance", name="Enfance")
    return Team.objects.create(
        authority=town.authority, sector=sector, slug="famille", name="F", address="a", email="f@f.fr", phone="1"
    )


def test_nobody_administers_from_a_single_team(town):
    with pytest.raises(Refused, match=r"administrator.*toute la collectivité"):
        place(town.agent, {town.team: [Role.ADMINISTRATOR]})
    Membership.objects.filter(account=town.agent).update(role=Role.ADMINISTRATOR)
    assert not has_right(town.agent, "accounts.manage")


def test_every_role_has_its_rights_and_every_right_has_a_role():
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(get_args(Right))


def test_the_table_of_the_documentation_is_that_of_the_code():
    header, *lines = [line.strip("|").split("|") for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    roles = [cell.strip(" `") for cell in header[1:]]
    told = {role: set() for role in roles}
    for right, *cells in lines[1:]:
        for role, cell in zip(roles, cells, strict=True):
            if cell.strip():
                told[role].add(re.sub(r"[` ]", "", right))
    assert told == {role.value: set(rights) for role, rights in RIGHTS.items()}


def test_a_role_in_a_team_is_not_one_in_another_and_one_in_the_whole_is_one_in_each(town, elsewhere):
    place(town.agent, {town.team: [Role.DESIGNER], None: [Role.PUBLISHER]})
    assert has_right(town.agent, "procedures.edit")
    assert has_right(town.agent, "procedures.edit", town.team)
    assert not has_right(town.agent, "procedures.edit", elsewhere)
    assert has_right(town.agent, "procedures.publish", elsewhere)
    assert not has_right(town.agent, "accounts.manage")
    town.agent.is_active = False
    assert not has_right(town.agent, "procedures.publish")


def test_cases_are_seen_by_whoever_holds_a_role_that_reads_them(town, elsewhere):
    town.submit()
    for roles, seen in (
        ({elsewhere: [Role.INSTRUCTOR]}, 0),
        ({town.team: [Role.DESIGNER, Role.PUBLISHER], None: [Role.ADMINISTRATOR, Role.DPO]}, 0),
        ({None: [Role.READER]}, 1),
        ({town.team: [Role.SIGNATORY]}, 1),
    ):
        place(town.agent, roles)
        assert visible_to(town.agent).count() == seen, roles


def test_a_reader_reads_a_case_and_acts_on_nothing_a_signatory_only_decides(town, client):
    case = town.submit()
    client.force_login(town.agent)
    page = reverse("backoffice:case", args=[case.pk])
    for role, shown, hidden in (
        (Role.READER, (), ("Prendre en charge", "Décider", "Envoyer le message")),
        (Role.SIGNATORY, ("Décider",), ("Prendre en charge", "Envoyer le message")),
    ):
        Membership.objects.update(role=role)
        text = client.get(page).content.decode()
        assert all(words in text for words in shown)
        assert not any(words in text for words in hidden)
        assert client.post(reverse("backoffice:start", args=[case.pk]), {"version": 0}).status_code == 403
        assert client.post(reverse("backoffice:write", args=[case.pk])).status_code == 403
    Membership.objects.update(role=Role.READER)
    assert client.post(reverse("backoffice:decide", args=[case.pk])).status_code == 403
