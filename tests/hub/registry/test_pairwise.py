from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.hub.registry.pairwise import PREFIX, ForeignIdentifierError, alias, new_key, original


@dataclass(frozen=True)
class Plugged:
    slug: str
    pairwise_key: str = field(default_factory=new_key)


GRU, VOIRIE, FAMILLE = Plugged("gru"), Plugged("voirie"), Plugged("famille")
IDENTIFIERS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120).filter(
    lambda text: not text.startswith(PREFIX)
)


@given(IDENTIFIERS)
def test_what_comes_back_from_an_application_is_what_was_sent_to_it(said_by_the_gru: str) -> None:
    known = original(GRU, said_by_the_gru)
    seen = alias(VOIRIE, known)
    assert original(VOIRIE, seen) == known
    assert alias(GRU, known) == said_by_the_gru


def test_two_applications_share_no_identifier_and_each_keeps_its_own() -> None:
    known = original(GRU, "p_1")
    assert alias(VOIRIE, known) != alias(FAMILLE, known)
    assert alias(VOIRIE, known) == alias(VOIRIE, known)
    assert "p_1" not in alias(VOIRIE, known)


FOREIGN = ["pa_", "pa_!!!", "pa_AAAA", "pa_é", alias(FAMILLE, "gru:p_1")]


@pytest.mark.parametrize("value", FOREIGN, ids=["empty", "no base64", "too short", "accented", "of another"])
def test_an_alias_made_for_another_is_refused(value: str) -> None:
    with pytest.raises(ForeignIdentifierError):
        original(VOIRIE, value)
