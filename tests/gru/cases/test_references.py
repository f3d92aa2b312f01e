"""References and dates: small sums, proven by properties."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.gru.cases import references
from etoile.gru.cases.clock.dates import add_months

SYMBOLS = references.ALPHABET


@given(st.integers(2000, 2099), st.integers(4, 6))
def test_a_reference_made_here_is_well_formed_however_it_is_typed(year, length):
    made = references.generate(year, length)
    assert references.is_well_formed(made)
    assert references.is_well_formed(made.lower().replace("-", " "))
    assert references.normalise(made.replace("-", "").lower()) == made


@given(st.integers(2000, 2099), st.data())
def test_any_single_wrong_symbol_and_any_swap_of_neighbours_is_seen(year, data):
    made = references.generate(year)
    place = data.draw(st.integers(3, 6))
    other = data.draw(st.sampled_from([symbol for symbol in SYMBOLS if symbol != made[place]]))
    assert not references.is_well_formed(made[:place] + other + made[place + 1 :])
    if place < 6 and made[place] != made[place + 1]:
        swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
        assert not references.is_well_formed(swapped)


@pytest.mark.parametrize("text", ["", "26", "26-K7QM", "é6-K7QM-3", "26-K0QM-3", "26-AAAA-3", "26-K7Q-3", "²6-K7QM-3"])
def test_nonsense_is_no_reference(text):
    assert not references.is_well_formed(text)


def test_no_reference_can_spell_a_word():
    assert not set("AEIOU") & set(references.ALPHABET)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 1, 10), 2, date(2027, 3, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_are_counted_as_the_law_does(day, months, expected):
    assert add_months(day, months) == expected
