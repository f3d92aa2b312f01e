import pytest

from etoile.hub.registry.addresses import within

BASE = "https://gru.test/documents/"


@pytest.mark.parametrize("url", ["https://gru.test/documents/1", "https://gru.test/documents/a/b.pdf"])
def test_an_address_under_the_base_is_within(url: str) -> None:
    assert within(url, BASE)
    assert within(url, BASE.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://gru.test/documents",
        "https://gru.test/documents-secrets/1",
        "https://gru.test/documents/../admin",
        "https://gru.test/documents/%2E%2e/admin",
        "https://gru.test/documents/..%5cadmin",
        "https://gru.test:8443/documents/1",
        "http://gru.test/documents/1",
        "https://gru.test@elsewhere.test/documents/1",
        "https://gru.test/documents/1?next=https://elsewhere.test",
        "https://gru.test/documents/1#part",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    assert not within(url, BASE)


def test_an_application_without_a_base_has_no_address() -> None:
    assert not within("https://gru.test/documents/1", "")
