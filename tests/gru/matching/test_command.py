"""`etoile gru duplicates`: rules put in force whole or not at all, and everybody compared again."""

import io

import pytest
import yaml
from django.core.management import CommandError, call_command
from tests.gru.matching.conftest import pair, suspected

from etoile.gru.matching import examining, keeping
from etoile.gru.matching.rules import usual

pytestmark = pytest.mark.django_db
STRICT = {
    "suspect": 90, "likely": 95, "decisive": 500, "identity": ["family_name"], "candidates": [["family_name", "email"]],
    "attributes": {
        "family_name": {"as": "words", "exact": 40, "normalised": 40, "near": 0, "different": -40},
        "email": {"as": "words", "exact": 40, "normalised": 40, "near": 0, "different": 0},
    },
}  # fmt: skip


def run(*given):
    said = io.StringIO()
    call_command("gru_duplicates", *map(str, given), stdout=said)
    return said.getvalue()


def test_rules_are_put_in_force_given_back_and_everybody_is_compared_again(town, tmp_path):
    pair(town)
    assert len(suspected()) == 1
    ours = tmp_path / "ours.yaml"
    ours.write_text(yaml.safe_dump(STRICT), encoding="utf-8")
    assert "everybody is being compared again" in run("rules", ours)
    assert keeping.rules_of(town.authority.pk).suspect == 90
    assert suspected() == []
    run("usual")
    assert keeping.rules_of(town.authority.pk) == usual()
    assert len(suspected()) == 1
    assert examining.examine_all() == 0
    run("again", "--authority", "valmont")
    assert examining.examine_all() == 2


BAD = [
    ("rules", "suspect: [", "is not YAML"),
    ("rules", "suspect: 60", "is not right; nothing was changed"),
    ("rules", None, "cannot be read"),
    ("rules", "", "is not right; nothing was changed"),
    ("usual", "suspect: 60", "nothing after the others"),
]


@pytest.mark.parametrize(("verb", "content", "said"), BAD)
def test_what_is_wrong_is_said_and_changes_nothing(town, tmp_path, verb, content, said):
    file = tmp_path / "ours.yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        run(verb, file)
    with pytest.raises(CommandError, match="after `rules`"):
        run("rules")
    assert keeping.rules_of(town.authority.pk) == usual()
