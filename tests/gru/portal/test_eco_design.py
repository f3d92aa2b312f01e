"""The page of eco-design says what was measured, and nothing better than the truth."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from etoile.gru.portal.eco_design import STATES, declaration

pytestmark = pytest.mark.exigence("ECO-16")
LINKED = re.compile(r'(?:<link rel="(?:stylesheet|icon)"[^>]*href|<script[^>]*src|<img[^>]*src)="/static/([^"]+)"')


@pytest.mark.parametrize("weight", declaration().weights, ids=lambda weight: weight.path)
def test_each_weight_told_is_the_one_measured(client, town, weight):
    """Compressed by gzip, icon included; a fifth of margin for what the town writes on its pages."""
    html = client.get(weight.path).content
    linked = set(LINKED.findall(html.decode()))
    measured = len(gzip.compress(html)) + sum(len(gzip.compress(Path(find(name)).read_bytes())) for name in linked)
    assert (round(measured / 1000), 1 + len(linked)) == (
        pytest.approx(weight.kilobytes, rel=0.2),
        weight.requests,
    )


def test_each_weight_is_within_the_limit_that_is_told():
    eco = declaration()
    assert all(each.kilobytes <= eco.most_kilobytes and each.requests <= eco.most_requests for each in eco.weights)


def test_the_score_counts_what_was_not_assessed_as_not_met():
    eco = declaration()
    assert eco.score == 100 * eco.met // 78
    assert eco.not_assessed + len(eco.criteria) == 78
    assert {each.state for each in eco.criteria} <= set(STATES)
    assert len({each.number for each in eco.criteria}) == len(eco.criteria)


def test_the_page_says_what_was_not_assessed(client, town):
    page = client.get("/ecoconception").content.decode()
    assert f"{declaration().not_assessed} n’ont pas été évalués" in page
    assert f"{declaration().score} %" in page
