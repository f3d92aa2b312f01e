"""What a stranger does: start a connector, install it beside Étoile, see it found, delivered to, tested."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etoile.sdk.conformance import scaffold
from etoile.sdk.conformance.badge import NAME, read
from etoile.sdk.conformance.scaffold import ScaffoldError, create

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "examples" / "connector-sample"
# What the hub does with an installed connector: find it by its entry point, deliver, without knowing its module.
DELIVERY = """
import asyncio, importlib
from importlib.metadata import entry_points
from etoile.sdk.conformance.bench import mapping_of
from etoile.sdk.connector import discover
from etoile.sdk.testing import make_context

async def deliver(connector, entry):
    async with importlib.import_module(entry.value + ".double").rig() as double:
        settings = connector.Configuration.model_validate(double.configuration)
        context = make_context(settings, secrets=double.secrets, mapping=mapping_of(double.mapping),
                               event=double.event, allowed=double.allowed)
        async with context.http:
            return await connector.deliver(double.event, context)

[entry] = [each for each in entry_points(group="etoile.connectors") if each.name == "street_works"]
outcome = asyncio.run(deliver(discover()["street_works"], entry))
print(outcome.kind, outcome.external_id, importlib.import_module(entry.value).__file__)
"""


def run(*command: object, folder: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One command of this Python, as a person would type it there."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    if path:
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(path), os.environ.get("PYTHONPATH")]))
    environment.pop("PYTEST_ADDOPTS", None)
    line = [sys.executable, *map(str, command)]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_new_connector_passes_its_tests_and_the_suite_at_once(tmp_path):
    made = run("-m", "etoile.runtime", "connector", "new", "voirie_neuve", "--title", "Voirie neuve", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "voirie_neuve"
    own = run("-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", folder=folder)
    assert "4 passed" in own.stdout, own.stdout
    tested = run("-m", "etoile.runtime", "connector", "test", ".", folder=folder)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "Voirie neuve (voirie_neuve 0.1.0)" in tested.stdout
    assert "ÉCHEC" not in tested.stdout
    assert "non testé" not in tested.stdout
    badge = read(folder / "src" / "voirie_neuve")
    assert badge is not None
    assert (badge.connector, badge.result, badge.holds(folder / "src" / "voirie_neuve")) == (
        "voirie_neuve",
        "passed",
        True,
    )
    (folder / "src" / "voirie_neuve" / "connector.py").write_text("# another one\n")
    assert not badge.holds(folder / "src" / "voirie_neuve")


def test_the_sample_in_its_own_package_is_installed_found_and_delivered_to(tmp_path):
    target = tmp_path / "installed"
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    installed = run("-m", "pip", "install", *options, "--target", target, SAMPLE, folder=tmp_path)
    assert installed.returncode == 0, installed.stderr
    delivered = run("-c", DELIVERY, folder=tmp_path, path=target)
    assert delivered.stdout.split() == ["acknowledged", "V-1", str(target / "street_works" / "__init__.py")], (
        delivered.stderr
    )
    listed = run("-m", "etoile.runtime", "connector", "list", folder=tmp_path, path=target)
    assert "street_works" in listed.stdout
    assert "jamais testé : etoile connector test street_works" in listed.stdout
    doubles = run("-m", "etoile.runtime", "double", folder=tmp_path, path=target)
    assert "street_works" in doubles.stdout, doubles.stderr


def test_the_sample_is_what_the_command_makes(tmp_path, monkeypatch):
    # Another test of this process may have imported the sample: its name is then taken.
    monkeypatch.setattr(scaffold, "find_spec", lambda name: None)
    made = create("street_works", tmp_path, title="Travaux de voirie")

    def texts(folder: Path) -> dict[str, str]:
        files = (each for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts)
        return {each.relative_to(folder).as_posix(): each.read_text() for each in files if each.name != NAME}

    assert texts(SAMPLE) == texts(made)


@pytest.mark.parametrize("name", ["Voirie", "1voirie", "json", "class", "etoile", "une-ville"])
def test_a_name_that_python_cannot_bear_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(ScaffoldError):
        create(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "voirie_neuve").mkdir()
    with pytest.raises(ScaffoldError, match="existe déjà"):
        create("voirie_neuve", tmp_path)
