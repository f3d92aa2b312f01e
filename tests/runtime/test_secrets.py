import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etoile.runtime.secrets import SecretError, describe_weakness, make, read_or_create


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        read_or_create("HUB_SECRET_KEY", "key", folder=tmp_path / "data" / "secrets")
    finally:
        os.umask(before)
    assert mode(tmp_path / "data" / "secrets" / "hub_secret_key") == 0o600
    assert mode(tmp_path / "data" / "secrets") == mode(tmp_path / "data") == 0o700


def test_those_who_start_together_agree_on_one_value(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        values = set(pool.map(lambda _: read_or_create("shared", folder=tmp_path / "secrets"), range(64)))
    assert len(values) == 1
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["shared"]


def test_a_damaged_secret_is_never_replaced(tmp_path: Path) -> None:
    place = tmp_path / "broken"
    place.write_text("")
    with pytest.raises(SecretError, match="restore it from a backup"):
        read_or_create("broken", folder=tmp_path)
    assert place.read_text() == ""


@pytest.mark.parametrize("name", ["../passwd", "", "a/b", "a b"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretError, match="cannot be the name"):
        read_or_create(name, folder=tmp_path)


def test_each_kind_is_what_its_readers_expect() -> None:
    assert len(base64.urlsafe_b64decode(make("key"))) == 32
    assert len(base64.b64decode(make("whsec").removeprefix("whsec_"))) == 32
    assert not any(describe_weakness(make(kind), kind) for kind in ("key", "token", "whsec"))
    assert "whsec_" in describe_weakness(make("key"), "whsec")
