from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.expressions.errors import ExpressionError
from etoile.sdk.mapping.dates import DateFormat

MOMENT = "2026-09-01T08:30:15.250Z"


@pytest.mark.parametrize(
    ("pattern", "zone", "written"),
    [
        ("dd/MM/yyyy HH:mm:ss", "Europe/Paris", "01/09/2026 10:30:15"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "Europe/Paris", "2026-09-01T10:30:15.250+02:00"),
        ("yyyyMMdd", "UTC", "20260901"),
        ("dd/MM/yy 'à' HH'h'mm", "Indian/Reunion", "01/09/26 à 12h30"),
        ("iso", "Europe/Paris", "2026-09-01T10:30:15.250000+02:00"),
        ("epoch", "Europe/Paris", 1788251415),
        ("epoch_ms", "Europe/Paris", 1788251415250),
    ],
)
def test_a_moment_is_written_as_the_application_wants_it(pattern, zone, written):
    assert DateFormat.compile(pattern, zone).write(MOMENT) == written


def test_a_date_alone_is_the_same_day_everywhere():
    assert DateFormat.compile("dd/MM/yyyy", "America/Martinique").write("2026-09-01") == "01/09/2026"
    assert DateFormat.compile("dd/MM/yyyy", "Pacific/Noumea").read("01/09/2026") == "2026-09-01"
    assert DateFormat.compile("iso").write("2026-09-01") == "2026-09-01"


@pytest.mark.parametrize("pattern", ["", "JJ/MM/AAAA", "dd/dd/yyyy", "yyyy mois", "///"])
def test_a_format_that_means_nothing_is_refused(pattern):
    with pytest.raises(ExpressionError):
        DateFormat.compile(pattern)


@pytest.mark.parametrize("zone", ["", "Paris", "../etc/passwd", "/etc/passwd", "Europe"])
def test_a_time_zone_that_does_not_exist_is_refused(zone):
    with pytest.raises(ExpressionError, match="fuseau"):
        DateFormat.compile("yyyy", zone)


@pytest.mark.parametrize("value", ["31/02/2026", "1/9/2026", "", None, 3, {}, "01/09/2026 suite"])
def test_what_is_not_a_date_of_that_form_is_refused_without_being_repeated(value):
    with pytest.raises(ExpressionError, match="dd/MM/yyyy") as caught:
        DateFormat.compile("dd/MM/yyyy").read(value)
    assert "suite" not in str(caught.value)


@given(st.integers(31_536_000, 4_000_000_000), st.sampled_from(["UTC", "Europe/Paris"]))
def test_what_was_written_is_read_back_as_the_same_moment(seconds, zone):
    exact = datetime.fromtimestamp(seconds, UTC)
    for pattern in ("yyyy-MM-dd HH:mm:ssXXX", "epoch", "iso"):
        form = DateFormat.compile(pattern, zone)
        assert datetime.fromisoformat(form.read(form.write(exact.isoformat()))) == exact


@given(
    st.text() | st.integers() | st.floats() | st.none() | st.lists(st.text()), st.sampled_from(["iso", "epoch", "dd"])
)
def test_any_value_is_read_and_written_or_refused(value, pattern):
    form = DateFormat.compile(pattern)
    for change in (form.read, form.write):
        try:
            change(value)
        except ExpressionError:
            continue
