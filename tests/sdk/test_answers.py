"""What an HTTP answer, or none, means for a delivery."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from etoile.sdk import DoorError, OutcomeKind
from etoile.sdk.answers import MAX_WORDS, Answer, by_status, redact, without_answer


def answer(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    return Answer.read(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        ((408, 409, 421, 423, 425, 429, 500, 502, 503, 504, 599), OutcomeKind.RETRY),
        ((301, 302, 307, 308, 401, 403, 404, 405, 406, 410, 415), OutcomeKind.FIX_CONFIGURATION),
        ((400, 402, 411, 413, 422, 451), OutcomeKind.FIX_DATA),
    ],
)
def test_each_status_has_one_meaning(statuses, kind):
    for status in statuses:
        outcome = by_status(answer(status))
        assert outcome is not None
        assert (outcome.kind, outcome.http_status, outcome.detail) == (kind, status, f"HTTP {status}")


def test_a_success_that_can_be_read_is_left_to_the_body():
    assert by_status(answer(200)) is None
    assert by_status(answer(204, b"  "), empty_allowed=True) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"cut', b"\xff\xfe", b"[" * 100_000])
def test_a_success_that_cannot_be_read_is_none(body):
    outcome = by_status(answer(200, body))
    assert outcome is not None
    assert outcome.kind is OutcomeKind.RETRY
    assert "réponse inattendue" in outcome.message


def test_retry_after_is_a_number_or_a_date():
    assert answer(429, Retry_After="120").retry_after() == 120
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    assert 290 < (answer(503, retry_after=later).retry_after() or 0) <= 300
    assert answer(503, retry_after="Wed, 21 Oct 2015 07:28:00 GMT").retry_after() == 0
    for nonsense in ("", "soon", "-5", "1.5"):
        assert answer(503, retry_after=nonsense).retry_after() is None


def test_a_conflict_is_tried_again_soon():
    outcome = by_status(answer(409))
    assert outcome is not None
    assert outcome.retry_after == 5


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("timeout", OutcomeKind.RETRY),
        ("connection", OutcomeKind.RETRY),
        ("too_large", OutcomeKind.RETRY),
        ("tls", OutcomeKind.FIX_CONFIGURATION),
        ("refused_address", OutcomeKind.FIX_CONFIGURATION),
    ],
)
def test_no_answer_is_tried_again_unless_a_human_must_act(kind, expected):
    assert without_answer(DoorError(kind, "")).kind is expected


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"detail": "Le champ manque"}', "Le champ manque"),
        (b'{"Message": "Non"}', "Non"),
        (b'{"detail": 3, "title": "Titre"}', "Titre"),
        (b"[]", "elle ne dit pas pourquoi."),
        (b"<html>", "elle ne dit pas pourquoi."),
    ],
)
def test_the_words_of_the_application_are_found(body, words):
    assert answer(422, body).words() == words


def test_words_are_short_and_tell_nothing_of_a_person():
    assert redact("écrire à lucie.garnier@example.org ou au 02 41 99 00 00,\n merci") == "écrire à … ou au …, merci"
    assert len(redact("x" * 10_000)) == MAX_WORDS
    assert redact("code 422 au champ 12") == "code 422 au champ 12"
