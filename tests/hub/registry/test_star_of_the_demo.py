"""The star of the demonstration is a star file like any other: it loads whole, and twice without a change."""

from importlib.resources import files
from pathlib import Path

import pytest

from etoile.hub.registry import services
from etoile.hub.registry.models import Subscription

STAR = Path(str(files("etoile.demo") / "town" / "star.yaml"))


@pytest.mark.django_db
def test_it_loads_and_a_second_time_changes_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("ETOILE_DATA", str(tmp_path))
    first = services.load(STAR, actor="test")
    assert first.created > 0
    second = services.load(STAR, actor="test")
    assert (second.created, second.changed) == (0, 0)
    assert {each.connector for each in Subscription.objects.all()} == {
        *("webhook", "http_json", "mailbox", "email", "soap", "file_drop")
    }
