"""The pytest plugin, run in pytest runs of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SITE = Path(__file__).with_name("site")
CONFIGURATION = """
[pytest]
addopts = -p etoile.runtime.testing
asyncio_default_fixture_loop_scope = function
"""
WITH_DJANGO = """
import os
import psycopg
import pytest
from django.db import connection

@pytest.mark.django_db
def test_it_uses_the_throw_away_server():
    assert connection.settings_dict["NAME"].startswith("test_etoile_hub")
    assert connection.settings_dict["HOST"].startswith("/tmp/etoile-test-")

def test_everyone_is_given_the_same_addresses():
    assert os.environ["ETOILE_ENV"] == "test"
    with psycopg.connect(os.environ["GRU_DATABASE_URL"]) as other:
        assert other.execute("SELECT current_user::text").fetchone() == ("gru_owner",)
"""
WITHOUT_DJANGO = """
import os

def test_nothing_was_started():
    assert "HUB_DATABASE_URL" not in os.environ
    assert os.environ["ETOILE_DATA"].startswith("/tmp/etoile-test-")
"""


def run(folder: Path, program: str, *arguments: str) -> str:
    (folder / "pytest.ini").write_text(CONFIGURATION)
    (folder / "test_it.py").write_text(program)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HUB_", "GRU_", "ETOILE_", "PYTEST_", "DJANGO_"))
    }
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(SITE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_with_django_has_one_throw_away_server_for_all_its_workers(tmp_path: Path, workers: str) -> None:
    assert "2 passed" in run(tmp_path, WITH_DJANGO, "--ds=site_settings", "-n", workers)


def test_a_run_without_django_starts_nothing(tmp_path: Path) -> None:
    assert "1 passed" in run(tmp_path, WITHOUT_DJANGO, "-p", "no:django", "-n", "0")
