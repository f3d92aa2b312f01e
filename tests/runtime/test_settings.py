from pathlib import Path

import pytest

from etoile.runtime.settings import Environment, InvalidEnvironmentError

SOUND = "k" * 10 + "abcdefghijklmnopqrstuvwxyz0123456789"


def environment(folder: Path, **variables: str) -> Environment:
    return Environment(product="hub", source={"ETOILE_DATA": str(folder), **variables})


def test_each_kind_of_value_is_read_as_what_it_is(tmp_path: Path) -> None:
    env = environment(tmp_path, A="x", B="8", C="oui", D="https://a.example/b/", E="/srv", F="two", G="a, b,,c")
    assert env.text("A") == "x"
    assert env.integer("B") == 8
    assert env.flag("C") is True
    assert env.url("D") == "https://a.example/b"
    assert env.path("E") == Path("/srv")
    assert env.choice("F", choices=("one", "two")) == "two"
    assert env.words("G") == ("a", "b", "c")
    env.check()


def test_an_empty_value_counts_as_absent(tmp_path: Path) -> None:
    assert environment(tmp_path, A="  ").text("A", default="fallback") == "fallback"


def test_all_mistakes_are_told_at_once_in_plain_words(tmp_path: Path) -> None:
    env = environment(tmp_path, PORT="eighty", FLAG="maybe", URL="hub.example", MODE="fast", HIGH="70000")
    env.integer("PORT")
    env.flag("FLAG")
    env.url("URL")
    env.choice("MODE", choices=("slow",))
    env.integer("HIGH", maximum=65535)
    env.text("ABSENT", help="Name of the town.")
    with pytest.raises(InvalidEnvironmentError) as caught:
        env.check()
    said = str(caught.value)
    for words in (
        "PORT is “eighty”: a whole number is expected",
        "FLAG is “maybe”: write true or false",
        "URL is “hub.example”: an address beginning with http:// or https:// is expected",
        "MODE is “fast”: choose one of: slow",
        "HIGH is “70000”: it must be at most 65535",
        "ABSENT is missing. Name of the town.",
        "docs/environment.md",
    ):
        assert words in said
    assert len(caught.value.problems) == 6


def test_an_unknown_mode_is_a_mistake_like_another(tmp_path: Path) -> None:
    env = environment(tmp_path, ETOILE_ENV="prod")
    assert env.problems == ["ETOILE_ENV is “prod”: choose one of: development, production, test"]


def test_a_variable_is_read_only_once(tmp_path: Path) -> None:
    env = environment(tmp_path)
    env.text("A", default="")
    with pytest.raises(ValueError, match="A is read twice"):
        env.text("A", default="")


def test_what_production_needs_may_be_absent_elsewhere(tmp_path: Path) -> None:
    there = environment(tmp_path, ETOILE_ENV="production")
    there.url("PUBLIC", default="http://localhost", needed_in_production=True)
    assert [problem.split(".")[0] for problem in there.problems] == ["PUBLIC is missing"]
    here = environment(tmp_path)
    assert here.url("PUBLIC", default="http://localhost", needed_in_production=True) == "http://localhost"


def test_a_missing_secret_is_made_and_kept_outside_production(tmp_path: Path) -> None:
    first = environment(tmp_path).secret("HUB_SECRET_KEY", kind="key")
    assert environment(tmp_path).secret("HUB_SECRET_KEY", kind="key") == first
    assert (tmp_path / "secrets" / "hub_secret_key").read_text().strip() == first


def test_production_refuses_to_make_a_secret(tmp_path: Path) -> None:
    env = environment(tmp_path, ETOILE_ENV="production")
    env.secret("HUB_SECRET_KEY")
    assert "HUB_SECRET_KEY is missing" in env.problems[0]
    assert not (tmp_path / "secrets").exists()


def test_a_secret_may_come_from_a_named_file(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text(SOUND + "\n")
    assert environment(tmp_path, KEY_FILE=str(file)).secret("KEY") == SOUND


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"KEY": "changeme"}, "too short"),
        ({"KEY": "a" * 60}, "can be guessed"),
        ({"KEY": SOUND, "KEY_FILE": "/etc/hostname"}, "given twice"),
        ({"KEY_FILE": "/nowhere"}, "No such file"),
    ],
)
def test_a_bad_secret_is_refused_without_being_repeated(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    env = environment(tmp_path, ETOILE_ENV="production", **variables)
    env.secret("KEY")
    assert words in env.problems[0]
    assert variables.get("KEY", "\0") not in env.problems[0]


def test_what_is_declared_says_how_it_is_given(tmp_path: Path) -> None:
    env = environment(tmp_path)
    env.integer("PORT", default=8100, help="Port.")
    env.secret("KEY", kind="token", help="Signs.")
    assert (env.declared["PORT"].default, env.declared["PORT"].kind) == ("8100", "integer")
    assert env.declared["KEY"].secret
    assert {"ETOILE_ENV", "ETOILE_DATA"} <= set(env.declared)


def test_a_list_of_addresses_is_read_one_by_one(tmp_path: Path) -> None:
    env = environment(tmp_path, A="nats://a:1, tls://b:2/", B="nats://a:1,http://b")
    assert env.addresses("A", schemes=("nats", "tls")) == ("nats://a:1", "tls://b:2")
    env.addresses("B", schemes=("nats", "tls"))
    with pytest.raises(InvalidEnvironmentError, match="beginning with nats:// or tls://"):
        env.check()


def test_a_password_of_another_server_is_given_or_empty_and_never_made(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("short\n")
    env = environment(tmp_path, A="weak", B_FILE=str(file))
    assert [env.password(name) for name in ("A", "B", "C")] == ["weak", "short", ""]
    env.check()
    assert not (tmp_path / "secrets").exists()


def test_a_secret_that_is_parted_from_another_keeps_its_value_where_that_one_served(tmp_path: Path) -> None:
    old, new = SOUND, SOUND[::-1]
    assert environment(tmp_path / "new").secret("STABLE", kind="key", like="KEY") not in (old, new)
    served = environment(tmp_path / "served", KEY=f"{new}, {old}")
    assert served.secret("STABLE", kind="key", like="KEY") == old
    assert served.keys("KEY", help="") == [new, old]
    made = environment(tmp_path / "made").secret("KEY", kind="key")
    assert environment(tmp_path / "made").secret("STABLE", kind="key", like="KEY") == made
    production = environment(tmp_path / "production", ETOILE_ENV="production", KEY=f"{new},short")
    production.secret("STABLE", kind="key", like="KEY")
    production.keys("KEY", help="")
    assert "give it the value that KEY had" in production.problems[0]
    assert "one of its keys is too short" in production.problems[1]
