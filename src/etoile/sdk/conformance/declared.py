"""What can be seen without calling the connector: its manifest, its documentation, its settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from etoile.sdk.conformance.bench import Bench
from etoile.sdk.conformance.findings import Failed
from etoile.sdk.connector import verify
from etoile.sdk.manifest import ManifestError
from etoile.sdk.words import texts_of, words_of

# Enough of SPDX for an expression to be told from a sentence; `reuse` and the lawyers do the rest.
SPDX = re.compile(r"\(?[A-Za-z0-9][A-Za-z0-9.+-]*\)?( (AND|OR|WITH) \(?[A-Za-z0-9][A-Za-z0-9.+-]*\)?)*")
OTHER_LICENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
MIN_PAGE = 400


async def manifest(bench: Bench) -> str:
    """Complete, and saying what the code does."""
    declared = bench.connector.manifest
    try:
        verify(bench.connector, declared.name)
    except ManifestError as error:
        raise Failed(str(error)) from None
    missing = [
        name
        for name, value in (
            ("description", declared.description),
            ("vendor", declared.vendor),
            ("versions", declared.versions),
            ("limits", declared.limits.model_fields_set),
            ("documentation", declared.documentation),
        )
        if not value
    ]
    if missing:
        raise Failed(f"il manque au manifeste : {', '.join(missing)}")
    if not (SPDX.fullmatch(declared.licence) or OTHER_LICENCE.fullmatch(declared.licence)):
        raise Failed(f"la licence « {declared.licence} » n’est pas un identifiant SPDX (par exemple Apache-2.0)")
    return f"{', '.join(sorted(declared.capabilities))} ; licence {declared.licence}"


async def documentation(bench: Bench) -> str:
    """A page for a person, where the manifest says."""
    named = bench.connector.manifest.documentation
    if not named:
        raise Failed("le manifeste ne nomme pas de page (documentation)")
    if named.startswith("https://"):
        return named
    page = bench.folder / named
    if not page.is_file():
        raise Failed(f"la page {named} n’existe pas")
    if len(page.read_text(encoding="utf-8")) < MIN_PAGE:
        raise Failed(f"la page {named} est presque vide")
    return named


async def settings(bench: Bench) -> str:
    """Each has a title and a description, in French. How many of them speak English too is told."""
    model = bench.connector.Configuration
    wrong = list(_unexplained(model.model_json_schema()))
    if model.model_config.get("extra") != "forbid":
        wrong.append('un réglage inconnu doit être refusé (extra="forbid")')
    if wrong:
        raise Failed(" ; ".join(wrong[:5]) + (f" ; et {len(wrong) - 5} autres" if len(wrong) > 5 else ""))
    texts, english = set(texts_of(bench.connector)), words_of(bench.connector, "en")
    left = len(texts - english.keys())
    return f"{len(model.model_fields)} réglages, " + (f"{left} textes sans anglais" if left else "aussi en anglais")


def _unexplained(schema: Mapping[str, Any]) -> Iterator[str]:
    for part, node in [("", schema), *schema.get("$defs", {}).items()]:
        for name, described in node.get("properties", {}).items():
            if "const" in described:  # the tag of a union, chosen by the screen
                continue
            where = f"{part}.{name}".lstrip(".")
            # Pydantic makes a title of the name when none was written.
            if described.get("title", "") in ("", name.replace("_", " ").title()):
                yield f"le réglage {where} n’a pas de titre"
            if not described.get("description"):
                yield f"le réglage {where} n’a pas de description : une phrase pour qui le remplit"
            if "password" in name and "default" in described:
                yield f"le réglage {where} ne doit pas avoir de valeur par défaut"
