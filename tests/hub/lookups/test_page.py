"""docs/lookups.md and the pages of the two connectors are true: what they show loads, and asks."""

import re
from pathlib import Path

import pytest
import yaml

from etoile.hub.registry.models import Lookup, LookupProvider
from etoile.hub.registry.services import load
from etoile.sdk.connector import discover
from tests.hub.conftest import STAR, TOWN

ROOT = Path(__file__).parents[3]
APPLICATION = f"""  - {{slug: api-particulier, name: API Particulier, authorities: ["{TOWN}"]}}
subscriptions:
"""


def blocks(page: str, language: str = "yaml") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)


def test_the_lookup_of_the_page_loads(db, tmp_path) -> None:
    star = STAR.replace("subscriptions:\n", APPLICATION) + blocks("docs/lookups.md")[0]
    (tmp_path / "lookups").mkdir()
    settings, _ = blocks("src/etoile/connectors/lookup_http/README.md")
    (tmp_path / "lookups" / "quotient.yaml").write_text(settings, encoding="utf-8")
    file = tmp_path / "star.yaml"
    file.write_text(star, encoding="utf-8")
    load(file, actor="test")
    assert Lookup.objects.get().readers == {"gru": ["tarif-cantine"]}
    assert LookupProvider.objects.get().configuration["base_url"] == "https://particulier.api.gouv.fr"


@pytest.mark.parametrize("name", ["lookup_http", "lookup_csv"])
def test_the_settings_of_a_connector_s_page_are_accepted(name) -> None:
    settings = yaml.safe_load(blocks(f"src/etoile/connectors/{name}/README.md")[0])
    discover()[name].Configuration.model_validate(settings)
