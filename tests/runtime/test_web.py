"""Health, headers and request identifiers, as a browser or a probe sees them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etoile.runtime.postgres.server import Server
from etoile.runtime.security import csp_policy

SITE = Path(__file__).with_name("site")


def visit(address: str, *arguments: str, mode: str = "test") -> dict[str, Any]:
    environment = {
        **os.environ,
        "ETOILE_ENV": mode,
        "DJANGO_SETTINGS_MODULE": "site_settings",
        "PYTHONPATH": str(SITE),
        "HUB_DATABASE_URL": address,
        "HUB_SECRET_KEY": "only for this test, and for nothing else at all",
    }
    command = [sys.executable, str(SITE / "site_visit.py"), *arguments]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def answers(server: Server) -> dict[str, Any]:
    return visit(server.address("hub_owner", "etoile_hub"), "migrate")


@pytest.fixture(scope="module")
def without_database() -> dict[str, Any]:
    return visit("postgresql://app@/hub?host=/nowhere", mode="production")


def test_it_is_ready_once_its_migrations_are_applied(answers: dict[str, Any]) -> None:
    assert (answers["before"]["status"], json.loads(answers["before"]["body"])["reason"]) == (
        503,
        "migrations are pending",
    )
    assert (answers["after"]["status"], json.loads(answers["after"]["body"])) == (200, {"status": "ready"})


def test_it_lives_without_a_database_but_is_not_ready(without_database: dict[str, Any]) -> None:
    assert without_database["live"]["status"] == 200
    assert without_database["before"]["status"] == 503
    assert json.loads(without_database["before"]["body"]) == {
        "status": "not ready",
        "reason": "the database does not answer",
    }


def test_health_is_never_cached_and_asks_for_no_host_name(answers: dict[str, Any]) -> None:
    assert "no-store" in answers["live"]["headers"]["Cache-Control"]
    assert answers["live"]["status"] == 200


@pytest.mark.exigence("ASVS 3.4.3")
@pytest.mark.exigence("ASVS 3.4.4")
@pytest.mark.exigence("ASVS 3.4.6")
def test_every_page_carries_the_security_headers(answers: dict[str, Any]) -> None:
    headers = answers["elsewhere"]["headers"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Strict-Transport-Security" not in headers


@pytest.mark.exigence("ASVS 3.4.1")
def test_production_asks_for_https_for_a_year(without_database: dict[str, Any]) -> None:
    headers = without_database["secure"]["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]


def test_a_request_keeps_its_identifier_unless_it_is_a_strange_one(answers: dict[str, Any]) -> None:
    assert answers["elsewhere"]["headers"]["X-Request-ID"] == "0123456789abcdef"
    made = answers["forged"]["headers"]["X-Request-ID"]
    assert len(made) == 32
    assert made.isalnum()


def test_a_directive_can_be_extended_and_none_goes_away() -> None:
    policy = csp_policy(img_src=["blob:"], frame_src=["'self'"], object_src=["'self'"])["DIRECTIVES"]
    assert policy["img-src"] == ["'self'", "data:", "blob:"]
    assert policy["object-src"] == ["'self'"]
