"""Read the environment strictly: each variable once, all mistakes reported together, in plain words.

    env = Environment(product="hub")
    PORT = env.integer("HUB_PORT", default=8100, help="Port of the hub's web server.")
    SECRET_KEY = env.secret("HUB_SECRET_KEY", help="Signs sessions and forms.")
    env.check()          # last line of a settings module: raises InvalidEnvironmentError if anything is wrong

An empty value counts as absent. `env.declared` lists what was asked for; docs/environment.md is compared with it.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from etoile.runtime.folders import DATA_DEFAULT, data_folder
from etoile.runtime.plain import PlainError
from etoile.runtime.secrets import Kind, SecretError, describe_weakness, read_or_create
from etoile.runtime.variables import Variable

T = TypeVar("T")

MODES: Final = ("development", "production", "test")
TRUE: Final = {"1", "true", "yes", "on", "oui"}
FALSE: Final = {"0", "false", "no", "off", "non"}


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Final = _Required()


class InvalidEnvironmentError(PlainError):
    """Every wrong variable of one product, one sentence each."""

    def __init__(self, product: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"The environment of {product} is not right:\n{lines}\nSee docs/environment.md.")


class Environment:
    """The variables of one product; a problem is noted, a harmless value returned, and `check` raises them all."""

    def __init__(self, product: str, *, source: Mapping[str, str] | None = None) -> None:
        self.product = product
        self.declared: dict[str, Variable] = {}
        self.problems: list[str] = []
        self._source = os.environ if source is None else source
        self.mode: str = self.choice(
            "ETOILE_ENV",
            choices=MODES,
            default="development",
            help="What this machine is for. Production refuses every default secret.",
        )
        self._declare(Variable("ETOILE_DATA", "path", DATA_DEFAULT, "Folder of everything the program keeps."))
        self.data: Path = data_folder(self._source)

    @property
    def production(self) -> bool:
        return self.mode == "production"

    def check(self) -> None:
        """Raise InvalidEnvironmentError if one variable or more is missing or wrong."""
        if self.problems:
            raise InvalidEnvironmentError(self.product, self.problems)

    def text(
        self, name: str, *, default: str | _Required = REQUIRED, help: str = "", needed_in_production: bool = False
    ) -> str:
        return self._read(name, "text", default, help, str, "", needed_in_production)

    def words(self, name: str, *, default: Sequence[str] | _Required = (), help: str = "") -> tuple[str, ...]:
        """A comma-separated list."""
        return tuple(self._read(name, "list", default, help, _words, ()))

    def integer(
        self,
        name: str,
        *,
        default: int | _Required = REQUIRED,
        minimum: int | None = None,
        maximum: int | None = None,
        help: str = "",
    ) -> int:
        return self._read(name, "integer", default, help, lambda raw: _integer(raw, minimum, maximum), minimum or 0)

    def flag(self, name: str, *, default: bool | _Required = REQUIRED, help: str = "") -> bool:
        return self._read(name, "flag", default, help, _flag, False)

    def url(
        self,
        name: str,
        *,
        default: str | _Required = REQUIRED,
        schemes: Sequence[str] = ("http", "https"),
        help: str = "",
        needed_in_production: bool = False,
    ) -> str:
        """An address; a trailing slash is removed so that paths can be appended."""
        return self._read(
            name, "url", default, help, lambda raw: _url(raw, schemes), f"{schemes[0]}://invalid", needed_in_production
        )

    def addresses(
        self, name: str, *, default: Sequence[str] = (), schemes: Sequence[str], help: str = ""
    ) -> tuple[str, ...]:
        """A comma-separated list of addresses."""
        return tuple(
            self._read(name, "list", default, help, lambda raw: [_url(word, schemes) for word in _words(raw)], ())
        )

    def path(self, name: str, *, default: Path | str | _Required = REQUIRED, help: str = "") -> Path:
        if isinstance(default, str):
            default = Path(default)
        return self._read(name, "path", default, help, lambda raw: Path(raw).expanduser().absolute(), Path())

    def choice(self, name: str, *, choices: Sequence[str], default: str | _Required = REQUIRED, help: str = "") -> str:
        words = f"{help} One of: {', '.join(choices)}.".strip()
        return self._read(name, "choice", default, words, lambda raw: _choice(raw, choices), choices[0])

    def secret(self, name: str, *, kind: Kind = "token", help: str = "", needed_with: str = "", like: str = "") -> str:
        """The variable `name`, else the file `name`_FILE names, else (not in production) a file made at first use.

        `needed_with`: the variable without which production does not need this one either; it is then empty.
        `like`: the variable that served in its place before it existed, whose oldest value it takes where there is one.
        """
        needed = f"needed in production with {needed_with}" if needed_with else "needed in production"
        self._declare(Variable(name, f"secret ({kind})", f"made at first start; {needed}", help, True))
        try:
            value = self._given_secret(name)
            if value is None:
                useless = self.production and needed_with and not self._source.get(needed_with, "").strip()
                return "" if useless else self._made_secret(name, kind, like)
        except (OSError, SecretError) as problem:
            self.problems.append(f"{name}: {problem}")
            return ""
        weakness = describe_weakness(value, kind)
        if weakness:
            self.problems.append(f"{name}: {weakness}")
        return value

    def keys(self, name: str, *, help: str) -> list[str]:
        """Keys of encryption, in one secret, separated by commas: the first one encrypts, all of them decrypt."""
        several = "Several keys, separated by commas, may be given while one replaces another: the first one encrypts,"
        keys = _words(self.secret(name, kind="key", help=f"{help} {several} all of them decrypt."))
        weak = [describe_weakness(key, "key") for key in keys]
        if len(keys) > 1 and any(weak):
            self.problems.append(f"{name}: one of its keys {max(weak)}")
        return list(keys) or [""]

    def password(self, name: str, *, help: str = "") -> str:
        """A secret that another server chose: the variable or the file `name`_FILE names, else empty."""
        self._declare(Variable(name, "secret (password)", "(empty)", help, True))
        try:
            return self._given_secret(name) or ""
        except (OSError, SecretError) as problem:
            self.problems.append(f"{name}: {problem}")
            return ""

    def _given_secret(self, name: str) -> str | None:
        value = self._source.get(name, "").strip()
        file = self._source.get(f"{name}_FILE", "").strip()
        if value and file:
            raise SecretError(f"is given twice, by {name} and by {name}_FILE; keep one of them")
        if file:
            return Path(file).read_text(encoding="utf-8").strip()
        return value or None

    def _made_secret(self, name: str, kind: Kind, like: str = "") -> str:
        if self.production:
            served = f". If this installation has served before, give it the value that {like} had then" if like else ""
            self.problems.append(
                f"{name} is missing: in production a secret is given by {name}, or by {name}_FILE (the path of a file)"
                + served
            )
            return ""
        return read_or_create(name, kind, folder=self.data / "secrets", like=self._oldest(like) if like else "")

    def _oldest(self, name: str) -> str:
        """The last key of a secret, given or made; empty when there is none."""
        made = self.data / "secrets" / name.lower()
        known = self._given_secret(name) or (made.read_text(encoding="utf-8") if made.is_file() else "")
        return known.split(",")[-1].strip()

    def _read(
        self,
        name: str,
        kind: str,
        default: T | _Required,
        help: str,
        parse: Callable[[str], T],
        harmless: T,
        needed_in_production: bool = False,
    ) -> T:
        """`harmless` stands in for a wrong value until `check`, so that one run finds every mistake."""
        self._declare(Variable(name, kind, _shown(default, needed_in_production), help))
        raw = self._source.get(name, "").strip()
        if raw:
            try:
                return parse(raw)
            except ValueError as problem:
                self.problems.append(f"{name} is “{raw}”: {problem}")
                return harmless
        missing_here = needed_in_production and self._source.get("ETOILE_ENV", "").strip() == "production"
        if isinstance(default, _Required) or missing_here:
            self.problems.append(f"{name} is missing. {help}".strip())
            return harmless
        return default

    def _declare(self, variable: Variable) -> None:
        if variable.name in self.declared:
            raise ValueError(f"{variable.name} is read twice; keep the first value in a setting")
        self.declared[variable.name] = variable


def _shown(default: Any, needed_in_production: bool) -> str:
    if isinstance(default, _Required):
        return "needed"
    if isinstance(default, tuple | list):
        text = ",".join(default)
    elif isinstance(default, bool):
        text = "true" if default else "false"
    else:
        text = str(default)
    return f"{text}; needed in production" if needed_in_production else text


def _words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def _integer(raw: str, minimum: int | None, maximum: int | None) -> int:
    try:
        value = int(raw)
    except ValueError:
        raise ValueError("a whole number is expected") from None
    if minimum is not None and value < minimum:
        raise ValueError(f"it must be at least {minimum}")
    if maximum is not None and value > maximum:
        raise ValueError(f"it must be at most {maximum}")
    return value


def _flag(raw: str) -> bool:
    if raw.lower() in TRUE:
        return True
    if raw.lower() in FALSE:
        return False
    raise ValueError("write true or false")


def _url(raw: str, schemes: Sequence[str]) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in schemes or not (parts.path if parts.scheme == "unix" else parts.netloc):
        raise ValueError(f"an address beginning with {' or '.join(f'{scheme}://' for scheme in schemes)} is expected")
    return raw.rstrip("/")


def _choice(raw: str, choices: Sequence[str]) -> str:
    if raw not in choices:
        raise ValueError(f"choose one of: {', '.join(choices)}")
    return raw
