"""The dated badge of a connector: `conformance.json` in its folder, written by the suite, read by the hub.

    {"connector": "street_works", "version": "1.2.0", "application_versions": ["6"], "sdk": "0.1.0",
     "date": "2026-11-28", "result": "passed", "checks": {"manifest": "passed", ...}, "folder_sha256": "..."}

The hash tells whether the folder is still the one that was tested: it proves nothing about who tested it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, get_args

from etoile.sdk.conformance.findings import Report, Result
from etoile.sdk.conformance.locating import Located

NAME = "conformance.json"
# What does not change how the connector behaves.
_APART = frozenset({"__pycache__", "tests"})


class BadgeError(ValueError):
    """The badge cannot be read: why, in French."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What was found, when, of which folder. `version`: of the package that brings the connector."""

    connector: str
    version: str
    application_versions: tuple[str, ...]
    sdk: str
    date: date
    result: Result
    checks: dict[str, str]
    folder_sha256: str

    @classmethod
    def of(cls, report: Report, located: Located) -> Badge:
        return cls(
            connector=report.connector,
            version=located.version,
            application_versions=located.connector.manifest.versions,
            sdk=sdk_version(),
            date=datetime.now(UTC).date(),
            result=report.result,
            checks={each.name: each.verdict.value for each in report.findings},
            folder_sha256=fingerprint(located.folder),
        )

    def write(self, path: Path) -> None:
        content = {**asdict(self), "date": self.date.isoformat()}
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def holds(self, folder: Path) -> bool:
        """Whether this folder is still as it was when it was tested."""
        return fingerprint(folder) == self.folder_sha256


def read(folder: Path) -> Badge | None:
    """The badge of a connector's folder, None when it has none. BadgeError when what is there is not one."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        badge = Badge(
            **{
                **raw,
                "application_versions": tuple(raw["application_versions"]),
                "date": date.fromisoformat(raw["date"]),
                "checks": dict(raw["checks"]),
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        raise BadgeError(f"{NAME} ne se lit pas.") from None
    if badge.result not in get_args(Result):
        raise BadgeError(f"{NAME} : résultat inconnu.")
    return badge


def fingerprint(folder: Path) -> str:
    """SHA-256 of the names and contents of a connector's folder, but its tests, its caches and the badge itself."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        place = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in _APART for part in place.parts)
        if hidden or not path.is_file() or place == Path(NAME):
            continue
        digest.update(f"{place.as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sdk_version() -> str:
    """The version of Étoile here; "" when it is not installed as a package."""
    try:
        return metadata.version("etoile")
    except metadata.PackageNotFoundError:
        return ""
