"""A town is data: one YAML file says the authority, its sectors, teams and agents, and the procedures it publishes.

Loaded whole or not at all, with every problem listed; loading again changes only what changed. Format:
docs/procedures.md.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from etoile.gru.access import factors, statements
from etoile.gru.access import services as access
from etoile.gru.access.models import Account, Authority, Role, Sector, Team
from etoile.gru.access.themes import ThemeFileError, keep_theme_files
from etoile.gru.contracts import reading as contracts
from etoile.gru.forms import library
from etoile.gru.forms import services as forms
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.exchange import from_yaml
from etoile.gru.forms.tables import services as tables
from etoile.gru.forms.tables.reading import TableError
from etoile.runtime.secrets import Kind, SecretError, read_or_create

Made = TypeVar("Made")


KEYS = frozenset({"authority", "sectors", "teams", "agents", "tables", "procedures", "contracts", "accessibility"})


class TownError(Exception):
    """Nothing was loaded; `problems` lists everything that is wrong, in French."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Loaded:
    authority: Authority
    teams: int
    agents: int
    procedures: int


def load_town(path: Path) -> Loaded:
    """Raises `TownError`, `OSError` when the file cannot be read."""
    raw = _yaml(path)
    if not isinstance(raw, Mapping) or not isinstance(raw.get("authority"), Mapping):
        raise TownError(["le fichier doit commencer par « authority: »"])
    loader = _Loader(path.parent)
    with transaction.atomic():
        loaded = loader.load(raw)
        if loader.problems or loaded is None:
            transaction.set_rollback(True)
            raise TownError(loader.problems)
    return loaded


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.sectors: dict[str, Sector] = {}
        self.teams: dict[str, Team] = {}

    def load(self, raw: Mapping[str, Any]) -> Loaded | None:
        for key in set(raw) - KEYS:
            self.problems.append(f"clé inconnue « {key} »")
        described = self._themed(dict(raw["authority"]))
        authority = self._try("authority", lambda: access.keep_authority(str(described.get("siret", "")), described))
        if authority is None:
            return None
        for each in _list(raw, "sectors"):
            self._sector(authority, each)
        for each in _list(raw, "teams"):
            self._team(authority, each)
        agents = [self._agent(authority, each) for each in _list(raw, "agents")]
        for each in _list(raw, "tables"):
            self._table(authority, each)
        published = [self._procedure(authority, str(each)) for each in raw.get("procedures") or []]
        for each in _list(raw, "contracts"):
            place = f"contracts.{each.get('application', '')}"
            self._try(place, partial(contracts.load, authority, each))
        if raw.get("accessibility"):
            self._declare(authority, str(raw["accessibility"]))
        return Loaded(authority, len(self.teams), len(agents), len(published))

    def _themed(self, described: dict[str, Any]) -> dict[str, Any]:
        """Colours are checked where the authority is kept; files are copied here, before the row that names them."""
        theme, slug = described.get("theme"), str(described.get("slug", ""))
        if isinstance(theme, Mapping) and slugify(slug) == slug != "":
            try:
                described["theme"] = keep_theme_files(theme, folder=self.folder, slug=slug)
            except (ThemeFileError, OSError) as error:
                self.problems.append(f"authority.theme : {error}")
        return described

    def _sector(self, authority: Authority, raw: Mapping[str, Any]) -> None:
        slug = str(raw.get("slug", ""))
        kept = self._try(f"sectors.{slug}", lambda: access.keep_sector(authority, slug, str(raw.get("name", ""))))
        if kept is not None:
            self.sectors[slug] = kept

    def _team(self, authority: Authority, raw: Mapping[str, Any]) -> None:
        slug, sector = str(raw.get("slug", "")), self.sectors.get(str(raw.get("sector")))
        if sector is None:
            self.problems.append(f"teams.{slug} : secteur inconnu « {raw.get('sector')} »")
            return
        kept = self._try(f"teams.{slug}", lambda: access.keep_team(authority, sector, slug, raw))
        if kept is not None:
            self.teams[slug] = kept

    def _agent(self, authority: Authority, raw: Mapping[str, Any]) -> None:
        email = str(raw.get("email", ""))
        roles = self._roles(email, raw)
        known = Account.objects.of_email(email).filter(authority=authority).first()
        if known is not None:
            # Never the password: the agent may have changed it since.
            access.place(known, roles)
            return
        password = self._secret(f"agents.{email}", raw.get("password"))
        names = {key: str(raw.get(key, "")) for key in ("given_name", "family_name", "capacity")}
        if password:
            created = self._try(
                f"agents.{email}",
                lambda: access.create_agent(authority, email, password=password, roles=roles, **names),
            )
            if created is not None and "second_factor" in raw:
                self._second_factor(created, raw["second_factor"])

    def _second_factor(self, account: Account, reference: Any) -> None:
        """For a demonstration: elsewhere a telephone shares its secret with nobody."""
        place = f"agents.{account.email}.second_factor"
        if settings.PRODUCTION:
            self.problems.append(f"{place} : réservé aux démonstrations ; chaque agent installe son téléphone")
            return
        secret = self._secret(place, reference, "base32")
        try:
            factors.give(account, secret)
        except ValueError:
            self.problems.append(f"{place} : le secret s'écrit en base32 (lettres et chiffres de 2 à 7)")

    def _roles(self, email: str, raw: Mapping[str, Any]) -> dict[Team | None, list[Role]]:
        """`teams: {slug: role or [roles]}`, and `roles: [...]` for the whole authority."""
        held: dict[Team | None, list[Role]] = {None: self._known(email, raw.get("roles"))} if raw.get("roles") else {}
        given = raw.get("teams")
        for slug, words in (given if isinstance(given, Mapping) else {}).items():
            known = self._known(email, words)
            if slug in self.teams:
                held[self.teams[slug]] = known
            else:
                self.problems.append(f"agents.{email} : service « {slug} » inconnu")
        return held

    def _known(self, email: str, words: Any) -> list[Role]:
        listed = words if isinstance(words, list) else [words]
        for word in listed:
            if word not in Role.values:
                self.problems.append(f"agents.{email} : rôle « {word} » inconnu (rôles : {', '.join(Role.values)})")
        return [Role(word) for word in listed if word in Role.values]

    def _secret(self, place: str, reference: Any, kind: Kind = "token") -> str:
        """`{secret: name}`: the variable NAME, else the file of the secrets' folder, made at first use."""
        if not isinstance(reference, Mapping) or set(reference) != {"secret"}:
            self.problems.append(f"{place} : le mot de passe s'écrit {{secret: nom}}, jamais en clair")
            return ""
        name = str(reference["secret"])
        given = os.environ.get(name.upper().replace("-", "_"), "").strip()
        try:
            return given or read_or_create(name, kind)
        except (SecretError, OSError) as error:
            self.problems.append(f"{place} : {error}")
            return ""

    def _table(self, authority: Authority, raw: Mapping[str, Any]) -> None:
        slug, name = str(raw.get("slug", "")), str(raw.get("file", ""))
        for key in set(raw) - {"slug", "title", "file", "key", "label"}:
            self.problems.append(f"tables.{slug} : clé inconnue « {key} »")
        if slugify(slug) != slug or not slug:
            self.problems.append(f"tables : « {slug} » n'est pas un nom de table (minuscules, chiffres, tirets)")
            return
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            self.problems.append(f"tables.{slug} : {name} ne peut être lu ({error.strerror})")
            return
        self._try(f"tables.{slug}", lambda: tables.load(authority, raw, content))

    def _declare(self, authority: Authority, name: str) -> None:
        try:
            raw = _yaml(self.folder / name)
        except OSError as error:
            self.problems.append(f"accessibility : {name} ne peut être lu ({error.strerror})")
            return
        self._try("accessibility", lambda: statements.publish_all(authority, raw))

    def _procedure(self, authority: Authority, name: str) -> None:
        """A file beside the town's, or the name of a ready-made procedure, wherever Étoile is installed."""
        path = self.folder / name if name.endswith((".yaml", ".yml")) else library.named(name)
        if path is None:
            near = "".join(f" « {each} » ?" for each in library.nearest(name))
            self.problems.append(
                f"procedures : « {name} » n’est ni un fichier .yaml ni le nom d’une démarche prête à l’emploi.{near}"
            )
            return
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"procedures : {name} ne peut être lu ({getattr(error, 'strerror', error)})")
            return
        self._try(f"procedures.{Path(name).stem}", lambda: forms.publish(forms.load(authority, from_yaml(text))))

    def _try(self, place: str, make: Callable[[], Made]) -> Made | None:
        try:
            with transaction.atomic():
                return make()
        except (access.Refused, DefinitionError, TableError) as error:
            self.problems.extend(f"{place} : {problem}" for problem in error.problems)
        except forms.NotPublishable as error:
            self.problems.extend(f"{place} : {problem}" for problem in error.missing)
        return None


def _list(raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    given = raw.get(key) or []
    return (each for each in given if isinstance(each, Mapping)) if isinstance(given, list) else iter(())


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TownError([f"{path.name} n'est pas du YAML lisible : {error}"]) from error
