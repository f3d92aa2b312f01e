from etoile.hub.delivery.schedule import DELAYS, HOUR, next_delay


def exact(low, high):
    return 1.0


def test_the_delays_are_the_published_ones_and_end_on_the_seventh_day():
    assert DELAYS[:9] == (0, 5, 30, 120, 600, 1800, 3600, 10800, 21600)
    assert set(DELAYS[9:]) == {12 * HOUR}
    assert 6 * 24 * HOUR < sum(DELAYS) <= 7 * 24 * HOUR


def test_each_failure_waits_the_next_delay_of_the_list_and_the_last_one_is_the_end():
    assert [next_delay(tries, spread=exact) for tries in (1, 2, 3)] == [5, 30, 120]
    assert next_delay(len(DELAYS) - 1, spread=exact) == 12 * HOUR
    assert next_delay(len(DELAYS)) is None
    assert next_delay(2, delays=(0, 1)) is None


def test_the_delay_moves_by_a_tenth_so_that_failures_do_not_come_back_together():
    delays = {next_delay(3) for _ in range(50)}
    assert len(delays) > 10
    assert all(108 <= delay <= 132 for delay in delays)


def test_a_receiver_that_says_when_is_not_called_sooner_nor_forgotten():
    assert next_delay(1, retry_after=60, spread=exact) == 60
    assert next_delay(3, retry_after=1, spread=exact) == 120
    assert next_delay(1, retry_after=10**9, spread=exact) == 24 * HOUR
