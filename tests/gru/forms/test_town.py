"""A town is loaded whole or not at all, with everything that is wrong told at once; loading again is harmless."""

import copy
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from etoile.gru.access import statements
from etoile.gru.access.models import Account, Authority, Membership, Product, Sector, Team
from etoile.gru.access.queries import teams_of
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.queries import open_procedures
from etoile.gru.forms.town import TownError, load_town

DEMO = Path(__file__).parents[3] / "src/etoile/demo/town/town.yaml"
LISTED = yaml.safe_load(DEMO.read_text("utf-8"))["procedures"]


@pytest.fixture
def town_file(tmp_path):
    """Writes a damaged copy of the demo's town, with two of its procedures."""
    raw = yaml.safe_load(DEMO.read_text("utf-8"))
    raw["procedures"] = [str(DEMO.parent / raw["procedures"][0]), *raw["procedures"][1:2]]
    raw["tables"] = [{**each, "file": str(DEMO.parent / each["file"])} for each in raw["tables"]]
    raw["accessibility"] = str(DEMO.parent / raw["accessibility"])
    raw["authority"]["theme"]["logo"] = str(DEMO.parent / raw["authority"]["theme"]["logo"])

    def written(damage=lambda raw: None) -> Path:
        changed = copy.deepcopy(raw)
        damage(changed)
        path = tmp_path / "town.yaml"
        path.write_text(yaml.safe_dump(changed, allow_unicode=True), "utf-8")
        return path

    return written


def counts():
    return [
        model.objects.count() for model in (Authority, Sector, Team, Account, Membership, Procedure, ProcedureVersion)
    ]


def test_the_demonstration_s_town_loads_and_publishes_its_procedures(db):
    loaded = load_town(DEMO)
    assert (loaded.teams, loaded.agents, loaded.procedures) == (8, 6, len(LISTED))
    assert open_procedures(loaded.authority).count() == len(LISTED)
    assert Account.objects.get(given_name="Alix").check_password("") is False


def test_the_demonstration_says_that_nobody_audited_it(db, town_file):
    town = load_town(town_file()).authority
    for product in Product:
        assert statements.in_force(town, product).last_day is None
        assert str(statements.standing_of(town, product).words) == "non conforme"


def test_an_incomplete_statement_loads_nothing(db, town_file, tmp_path):
    (tmp_path / "a.yaml").write_text("portal: {name: Portail}")
    with pytest.raises(TownError) as refusal:
        load_town(town_file(lambda raw: raw.update(accessibility="a.yaml")))
    assert "accessibility : portal.technologies : à remplir, le format obligatoire le demande" in refusal.value.problems
    assert counts() == [0] * 7


def test_loading_twice_changes_nothing(db, town_file):
    load_town(town_file())
    before, password = counts(), Account.objects.get(given_name="Alix").password
    load_town(town_file())
    assert counts() == before
    assert Account.objects.get(given_name="Alix").password == password


def test_a_password_comes_from_the_secret_s_variable_when_it_is_given(db, town_file, monkeypatch):
    monkeypatch.setenv("DEMO_AGENT_PASSWORD", "une phrase assez longue")
    load_town(town_file())
    assert Account.objects.get(given_name="Alix").check_password("une phrase assez longue")


def test_an_agent_moved_in_the_file_changes_team(db, town_file):
    load_town(town_file())
    load_town(town_file(lambda raw: raw["agents"][0].update(teams={"famille": "instructor"})))
    assert [each.slug for each in teams_of(Account.objects.get(given_name="Alix"))] == ["famille"]


def test_everything_wrong_is_told_at_once_and_nothing_is_loaded(db, town_file):
    def damage(raw):
        raw["teams"][0].pop("phone")
        raw["teams"][1]["sector"] = "nulle-part"
        raw["agents"][0]["password"] = "en clair"
        raw["agents"][1]["teams"] = {"famille": "roi"}
        raw["procedures"].append("absente.yaml")
        raw["couleur"] = "bleu"

    with pytest.raises(TownError) as refused:
        load_town(town_file(damage))
    told = "\n".join(refused.value.problems)
    for words in (
        "teams.etat-civil : phone",
        "nulle-part",
        "jamais en clair",
        "« roi »",
        "absente.yaml",
        "« couleur »",
    ):
        assert words in told
    assert sum(counts()) == 0


def test_an_unpublishable_procedure_stops_the_whole_town(db, town_file, tmp_path):
    poor = tmp_path / "pauvre.yaml"
    poor.write_text(yaml.safe_dump({"slug": "pauvre", "title": "Pauvre", "team": "famille"}), "utf-8")
    with pytest.raises(TownError, match=r"procedures\.pauvre : .*silence\.regime"):
        load_town(town_file(lambda raw: raw["procedures"].append(str(poor))))
    assert sum(counts()) == 0


def test_a_name_that_is_no_ready_made_procedure_tells_the_nearest(db, town_file):
    with pytest.raises(TownError, match=r"« acte-etat-civile » n’est .* « acte-etat-civil » \?"):
        load_town(town_file(lambda raw: raw["procedures"].append("acte-etat-civile")))


@pytest.mark.parametrize("content", ["", "- a", "authority: [", "authority: 3"])
def test_a_file_that_is_no_town_is_told(db, tmp_path, content):
    path = tmp_path / "town.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(TownError):
        load_town(path)


class TestCommands:
    def test_load_says_what_was_loaded(self, db, town_file):
        out = StringIO()
        call_command("gru_load", str(town_file()), stdout=out)
        assert out.getvalue() == "Valmont-sur-Loire: 8 teams, 6 agents, 2 procedures.\n"

    def test_load_lists_the_problems(self, db, town_file):
        with pytest.raises(CommandError, match="nothing was loaded:\n  - "):
            call_command("gru_load", str(town_file(lambda raw: raw["teams"][0].pop("phone"))))

    def test_load_of_a_file_that_is_not_there_says_so(self, db):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("gru_load", "/nowhere/town.yaml")

    def test_agent_create_makes_an_account_of_a_team(self, town, monkeypatch):
        monkeypatch.setenv("GRU_AGENT_PASSWORD", "une phrase assez longue")
        call_command("gru_agent", "create", "sam@valmont.example", "--team=etat-civil=manager", stdout=StringIO())
        assert Membership.objects.get(account__email="sam@valmont.example").role == "manager"
        call_command("gru_agent", "roles", "SAM@valmont.example", "--team=etat-civil=reader,designer", "--role=dpo")
        held = Membership.objects.filter(account__email="sam@valmont.example").values_list("team__slug", "role")
        assert set(held) == {("etat-civil", "reader"), ("etat-civil", "designer"), (None, "dpo")}

    def test_agent_create_refuses_in_words(self, town, monkeypatch):
        monkeypatch.setenv("GRU_AGENT_PASSWORD", "court")
        with pytest.raises(CommandError, match="mot de passe"):
            call_command("gru_agent", "create", "sam@valmont.example", stdout=StringIO())
        with pytest.raises(CommandError, match=r"no team .cirque. .known: etat-civil"):
            call_command("gru_agent", "create", "sam@valmont.example", "--team=cirque", stdout=StringIO())
        with pytest.raises(CommandError, match=r"no role .roi.: choose among reader"):
            call_command("gru_agent", "create", "sam@valmont.example", "--role=roi", stdout=StringIO())

    def test_procedure_is_loaded_as_a_draft_then_published(self, town, every_procedure, tmp_path):
        path = tmp_path / "acte.yaml"
        path.write_text(yaml.safe_dump(every_procedure["acte-etat-civil"]), "utf-8")
        out = StringIO()
        call_command("gru_procedure", town.authority.siret, str(path), stdout=out)
        call_command("gru_procedure", town.authority.siret, str(path), "--publish", stdout=out)
        said = [line for line in out.getvalue().splitlines() if not line.startswith("  - ")]
        assert said == ["acte-etat-civil, version 1: Brouillon.", "acte-etat-civil, version 1: Publiée."]
        assert "Texte « Décret n° 2017-890" in out.getvalue()

    def test_procedure_that_is_not_right_lists_its_problems(self, town, tmp_path):
        path = tmp_path / "x.yaml"
        path.write_text("slug: x\n", "utf-8")
        with pytest.raises(CommandError, match="title : manque"):
            call_command("gru_procedure", town.authority.siret, str(path))
