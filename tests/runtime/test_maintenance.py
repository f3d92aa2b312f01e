"""The operator's switch: on and off without a restart, whole or not at all, and an hour that people can read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etoile.runtime import diagnosis
from etoile.runtime.commands.maintenance import moment
from etoile.runtime.maintenance import RETRY_AFTER, Rest, begin, current, end, switch
from etoile.runtime.plain import MisuseError
from etoile.runtime.products import discover

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_a_product_rests_from_on_to_off_and_the_others_go_on(tmp_path: Path) -> None:
    gru, hub = switch(tmp_path, "gru"), switch(tmp_path, "hub")
    assert current(gru) is None
    begin(gru, NOON)
    assert current(gru) == Rest(NOON)
    assert current(hub) is None
    assert end(gru) is True
    assert current(gru) is None
    assert end(gru) is False


def test_saying_another_hour_leaves_no_draft_behind(tmp_path: Path) -> None:
    file = switch(tmp_path, "gru")
    begin(file, NOON)
    begin(file)
    assert current(file) == Rest(None)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("words", ["", "{", "[]", '{"until": 12}', '{"until": "ce soir"}', "null"])
def test_a_switch_that_cannot_be_read_is_on(tmp_path: Path, words: str) -> None:
    file = switch(tmp_path, "gru")
    begin(file)
    file.write_text(words)
    assert current(file) == Rest(None)


def test_programs_are_asked_to_come_back_at_the_expected_end() -> None:
    assert Rest(NOON + timedelta(hours=1)).retry_after(NOON) == 3600
    assert Rest(NOON + timedelta(seconds=2)).retry_after(NOON) == 60
    assert Rest(NOON - timedelta(hours=1)).retry_after(NOON) == RETRY_AFTER
    assert Rest().retry_after(NOON) == RETRY_AFTER


def test_an_hour_is_the_next_one_the_clock_shows() -> None:
    assert moment("18:30", NOON) == NOON.replace(hour=18, minute=30)
    assert moment("09:00", NOON) == NOON.replace(day=2, hour=9)
    assert moment("2026-12-24T18:30", NOON) == datetime(2026, 12, 24, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("words", ["ce soir", "25:00", "2026-11-01T10:00"])
def test_an_hour_that_is_none_or_past_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(MisuseError):
        moment(words, NOON)


def test_the_doctor_reminds_of_a_product_left_at_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETOILE_DATA", str(tmp_path))
    name = next(iter(discover()))
    assert list(diagnosis._maintenance()) == []
    begin(switch(tmp_path, name))
    [found] = diagnosis._maintenance()
    assert (found.verdict, name in found.what) == ("doubtful", True)


def test_the_doctor_keeps_what_a_product_calls_doubtful() -> None:
    product = next(iter(discover().values()))
    told = [diagnosis._told(product, line) for line in ("It answers.", f"{diagnosis.DOUBTFUL}It is off.")]
    assert [(each.verdict, "doubtful" in each.what) for each in told] == [("right", False), ("doubtful", False)]
