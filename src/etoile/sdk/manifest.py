"""How a connector describes itself: `manifest.yaml`, beside its code."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Capability = Literal["deliver", "poll", "lookup", "receive", "held", "check", "mailbox"]


class ManifestError(ValueError):
    """The manifest cannot be read, or says what the code does not do."""


class Title(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class Limits(BaseModel):
    """What the application bears; the hub's policy of a subscription may be stricter. Sizes in bytes, times in s.

    `at_least_once`: after an answer that was lost, the application may hold the same thing twice. `numberless`: it
    gives no number for what it records.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: int | None = Field(default=None, ge=1)
    requests_per_second: float | None = Field(default=None, gt=0)
    document_size: int | None = Field(default=None, ge=1)
    documents: int | None = Field(default=None, ge=0)
    timeout: float | None = Field(default=None, gt=0)
    order: bool | None = None
    at_least_once: bool = False
    numberless: bool = False
    notes: Title | None = None


class Manifest(BaseModel):
    """One connector. `versions` are those of the application or protocol it was tested with; `rgi_profile` names what
    it uses of the *référentiel général d'interopérabilité*, when it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    title: Title
    description: Title | None = None
    vendor: str | None = None
    domain: str = Field(min_length=1, max_length=100)
    protocol: str = Field(min_length=1, max_length=100)
    spoken: Title | None = None
    """The protocol in a word or two, for a drawing."""
    versions: tuple[str, ...] = ()
    maintainer: str = Field(min_length=1, max_length=200)
    licence: str = Field(min_length=1, max_length=100)
    rgi_profile: str | None = None
    capabilities: frozenset[Capability] = Field(min_length=1)
    limits: Limits = Limits()
    documentation: str | None = None

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Reads `manifest.yaml`. ManifestError with the place and the reason."""
        try:
            raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
            return cls.model_validate(raw)
        except (OSError, yaml.YAMLError) as error:
            raise ManifestError(f"{path.name} cannot be read: {error}") from None
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise ManifestError(f"{path.name}: {found}") from None
