import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.contract.signature import SignatureError, is_under, new_secret, sign, sign_address, verify, verify_address

NOW = 1_800_000_000
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
URL = "https://demarches.valmont.example/documents/01980f3e-1a2b-7d3c-9e4f-5a6b7c8d9e0f"


@given(st.binary(max_size=300), st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_what_was_signed_is_verified(body, identifier):
    assert verify(SECRET, sign(SECRET, id=identifier, body=body, now=NOW), body, now=NOW) == identifier


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_another_body_is_not_verified(body, other):
    headers = sign(SECRET, id="a", body=body, now=NOW)
    if body != other:
        with pytest.raises(SignatureError, match="matches"):
            verify(SECRET, headers, other, now=NOW)


def test_the_identifier_and_the_time_are_covered():
    headers = sign(SECRET, id="a", body=b"{}", now=NOW)
    for change in ({"webhook-id": "b"}, {"webhook-timestamp": str(NOW + 1)}):
        with pytest.raises(SignatureError):
            verify(SECRET, headers | change, b"{}", now=NOW)


def test_the_known_vector_of_the_specification_is_met():
    """Test vector published with the reference libraries of Standard Webhooks."""
    headers = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=b'{"test": 2432232314}',
        now=1_614_265_330,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_key_changes_without_a_cut():
    during = sign([OTHER, SECRET], id="a", body=b"{}", now=NOW)
    assert verify(SECRET, during, b"{}", now=NOW) == verify(OTHER, during, b"{}", now=NOW) == "a"
    after = sign(OTHER, id="a", body=b"{}", now=NOW)
    assert verify([SECRET, OTHER], after, b"{}", now=NOW) == "a"
    with pytest.raises(SignatureError):
        verify(SECRET, after, b"{}", now=NOW)


@pytest.mark.parametrize("shift", [-301, 301, -10_000_000, 10_000_000])
def test_a_message_too_old_or_too_new_is_refused(shift):
    headers = sign(SECRET, id="a", body=b"{}", now=NOW)
    with pytest.raises(SignatureError, match="clock"):
        verify(SECRET, headers, b"{}", now=NOW + shift)


@pytest.mark.parametrize("shift", [-300, 0, 300])
def test_a_message_within_the_tolerance_is_taken(shift):
    assert verify(SECRET, sign(SECRET, id="a", body=b"", now=NOW), b"", now=NOW + shift) == "a"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_is_needed(name):
    headers = sign(SECRET, id="a", body=b"{}", now=NOW)
    headers.pop(name)
    with pytest.raises(SignatureError, match="needed"):
        verify(SECRET, headers, b"{}", now=NOW)


@pytest.mark.parametrize("stamp", ["soon", "-5", "1.5", "9" * 40, "١٢", " 5"])
def test_a_timestamp_that_is_no_number_is_refused(stamp):
    with pytest.raises(SignatureError, match="timestamp"):
        verify(SECRET, sign(SECRET, id="a", body=b"", now=NOW) | {"webhook-timestamp": stamp}, b"", now=NOW)


@pytest.mark.parametrize("proof", ["v2,abc", "abc", "v1,", "v1,é", ",", "v1a,xyz v2,q"])
def test_a_proof_of_another_form_is_refused(proof):
    with pytest.raises(SignatureError, match="matches"):
        verify(SECRET, sign(SECRET, id="a", body=b"", now=NOW) | {"webhook-signature": proof}, b"", now=NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "not base64!", "whsec_" + "A" * 200, []])
def test_a_weak_or_malformed_secret_is_refused_on_both_sides(secret):
    with pytest.raises(SignatureError):
        sign(secret, id="a", body=b"", now=NOW)
    with pytest.raises(SignatureError):
        verify(secret, sign(SECRET, id="a", body=b"", now=NOW), b"", now=NOW)


def test_new_secrets_differ_and_are_taken():
    assert new_secret() != new_secret()
    secret = new_secret()
    assert verify(secret, sign(secret, id="a", body=b""), b"") == "a"


def test_an_identifier_with_a_full_stop_cannot_be_signed():
    with pytest.raises(SignatureError):
        sign(SECRET, id="a.1", body=b"", now=NOW)


def test_a_moment_may_be_a_datetime_when_it_is_aware():
    moment = datetime.fromtimestamp(NOW, UTC)
    assert verify(SECRET, sign(SECRET, id="a", body=b"", now=moment), b"", now=moment) == "a"
    with pytest.raises(ValueError, match="aware"):
        sign(SECRET, id="a", body=b"", now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_signed_address_opens_until_it_expires():
    signed = sign_address(URL, "secret", expires_at=NOW)
    verify_address(signed, "secret", now=NOW - 1)
    with pytest.raises(SignatureError, match="expired"):
        verify_address(signed, "secret", now=NOW)


def test_a_signed_address_opens_by_its_path_alone_whatever_the_host():
    signed = sign_address(URL, "secret", expires_at=NOW)
    verify_address(signed.removeprefix("https://demarches.valmont.example"), "secret", now=0)
    verify_address(signed.replace("https://demarches.valmont.example", "http://127.0.0.1:8000"), "secret", now=0)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("9e0f", "9e0e"),
        lambda url: url.replace(f"expires={NOW}", f"expires={NOW + 1}"),
        lambda url: url.replace("signature=", "signature=0"),
        lambda url: url + f"&expires={NOW + 1}",
        lambda url: url.partition("?")[0],
        lambda url: url.partition("&")[0],
        lambda url: url.replace(f"expires={NOW}", "expires=never"),
        lambda url: url.replace(f"expires={NOW}", "expires="),
    ],
)
def test_an_address_that_was_touched_stays_closed(change):
    with pytest.raises(SignatureError):
        verify_address(change(sign_address(URL, "secret", expires_at=NOW)), "secret", now=0)


def test_another_secret_opens_nothing_and_an_empty_one_signs_nothing():
    with pytest.raises(SignatureError, match="false"):
        verify_address(sign_address(URL, "secret", expires_at=NOW), "other", now=0)
    with pytest.raises(SignatureError):
        sign_address(URL, "", expires_at=NOW)


def test_signing_again_replaces_the_former_signature_and_keeps_the_query():
    first = sign_address(URL + "?page=2", "secret", expires_at=NOW)
    second = sign_address(first, "secret", expires_at=NOW + 60)
    assert second.count("signature=") == second.count("expires=") == second.count("page=2") == 1
    verify_address(second, "secret", now=NOW + 30)


def test_an_error_never_tells_the_expected_proof():
    signed = sign_address(URL, "secret", expires_at=NOW)
    with pytest.raises(SignatureError) as caught:
        verify_address(signed.replace("signature=", "signature=x"), "secret", now=0)
    assert signed.rpartition("=")[2] not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "under"),
    [
        ("https://ville.example/pieces/1?signature=x", True),
        ("https://ville.example/pieces", False),
        ("https://ville.example/pieces-secretes/1", False),
        ("https://ville.example/pieces/../autre", False),
        ("https://ville.example:444/pieces/1", False),
        ("http://ville.example/pieces/1", False),
        ("https://ville.example@autre.example/pieces/1", False),
        ("/pieces/1", False),
        ("https://[ville.example/pieces/1", False),
    ],
)
def test_an_address_is_under_another_only_at_the_same_place_and_further_down(url, under):
    assert is_under(url, "https://ville.example/pieces") is under
    assert is_under(url, "https://ville.example/pieces/") is under
