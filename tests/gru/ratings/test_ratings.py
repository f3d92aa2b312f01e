"""Ratings: seen by the agents of their team, comments read first by who moderates, figures that cost the same."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.gru.conftest import log_in, make_agent

from etoile.gru.access.models import Role
from etoile.gru.access.services import place
from etoile.gru.cases.states import State
from etoile.gru.ratings import queries, services
from etoile.gru.ratings.models import CommentState, Rating

PAGE = "/agents/avis/"


@pytest.fixture
def rated(town):
    def rate(score, comment="", days=0):
        case = town.submit()
        case.state = State.ACCEPTED
        services.rate(case, str(score), comment)
        Rating.objects.filter(case_id=case.pk).update(rated_at=timezone.now() - timedelta(days=days))
        return Rating.objects.get(case_id=case.pk)

    return rate


@pytest.fixture
def manager(town):
    account = make_agent(town.authority, town.team, "cheffe@valmont.example")
    place(account, {town.team: [Role.MANAGER]})
    return account


def page(client, account):
    log_in(client, account)
    return client.get(PAGE).content.decode()


def test_a_comment_is_read_by_who_moderates_before_the_agents_of_the_team(client, town, rated, manager):
    kind, rude = rated(4, "Clair et rapide"), rated(1, "Madame X est nulle")
    assert "Clair et rapide" not in page(client, town.agent)
    assert client.post(f"{PAGE}{kind.pk}/", {"decision": "keep", "seen": kind.rated_at.isoformat()}).status_code == 403
    assert "Clair et rapide" in page(client, manager) and "Madame X" in page(client, manager)
    for rating, decision in ((kind, "keep"), (rude, "set_aside")):
        client.post(f"{PAGE}{rating.pk}/", {"decision": decision, "seen": rating.rated_at.isoformat()})
    shown = page(client, town.agent)
    assert "Clair et rapide" in shown and "Madame X" not in shown
    rude.refresh_from_db()
    assert (rude.comment, rude.score, rude.comment_state) == ("", 1, CommentState.SET_ASIDE)


def test_a_comment_changed_meanwhile_or_of_another_team_is_left_as_it_is(town, rated, manager):
    rating = rated(3, "Bien")
    assert not services.keep(rating.pk, manager, seen=rating.rated_at - timedelta(seconds=1))
    place(manager, {town.team: [Role.READER]})
    assert not services.set_aside(rating.pk, manager, seen=rating.rated_at)
    rating.refresh_from_db()
    assert rating.comment_state == CommentState.TO_READ


def test_figures_are_those_of_a_year_and_cost_two_statements(town, rated, django_assert_num_queries):
    for score, days in ((1, 0), (2, 10), (5, 20), (5, 30), (1, 400)):
        rated(score, days=days)
    with django_assert_num_queries(2):
        (figures,) = queries.figures(town.agent)
    assert (figures.average.mean, figures.average.ratings, figures.spread) == (3.25, 4, (1, 1, 0, 0, 2))
    stranger = make_agent(town.authority, town.team, "autre@valmont.example")
    place(stranger, {})
    assert queries.figures(stranger) == []


def test_an_average_is_shown_to_the_public_from_twenty_ratings_on(town, rated):
    first = rated(4)
    others = [
        Rating(**{name: getattr(first, name) for name in ("authority", "procedure", "team", "score", "rated_at")},
               case_id=uuid.uuid4())
        for _ in range(18)
    ]  # fmt: skip
    Rating.objects.bulk_create(others)
    procedure = town.version.procedure
    assert queries.average(procedure) is None
    rated(4)
    assert queries.average(procedure) == queries.Average(4.0, 20)
