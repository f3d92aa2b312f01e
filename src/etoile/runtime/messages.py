"""Translations without a system gettext: compile `.po` files with Babel, find the texts that have no translation."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.utils.translation.template import templatize

from etoile.runtime.plain import PlainError

PACKAGE: Final = Path(str(files("etoile")))
SINGULAR: Final = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL: Final = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT: Final = {"pgettext", "pgettext_lazy"}
LITERAL: Final = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
IN_TEMPLATE: Final = re.compile(
    rf"\b(?:gettext|_)\(\s*{LITERAL}|\bngettext\(\s*{LITERAL}|\bpgettext\(\s*{LITERAL}\s*,\s*{LITERAL}"
)


class MessagesError(PlainError):
    """A translation file that cannot be read or compiled."""


@dataclass(frozen=True, slots=True, order=True)
class Untranslated:
    """One text shown to people, and the file that shows it."""

    file: Path
    msgid: str


def catalogues(root: Path = PACKAGE) -> list[Path]:
    """Every django.po under `root`, which may itself be a `locale` folder."""
    return sorted({*root.glob("**/locale/*/LC_MESSAGES/django.po"), *root.glob("*/LC_MESSAGES/django.po")})


def compile_all(root: Path = PACKAGE) -> int:
    """Write the .mo beside each .po that is newer; returns how many were written.

    A read-only installation is left as it is if its .mo files are there.
    """
    return sum(_compile(source) for source in catalogues(root))


def compared(product: Path, language: str = "en") -> tuple[list[Untranslated], list[str]]:
    """What templates and Python files under `product` show and no catalogue under it translates to `language`; what a
    catalogue translates and nothing there shows any more."""
    translated = set(_translated(product, language))
    shown = {Untranslated(file, msgid) for file, msgid in used(product)}
    missing = sorted(found for found in shown if found.msgid not in translated)
    return missing, sorted(translated - {found.msgid for found in shown})


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
    except PermissionError:
        if target.exists():
            return False
        raise MessagesError(f"{target} is missing and cannot be written here.") from None
    except (ValueError, PoFileError) as damage:
        raise MessagesError(f"{source} is not a translation file: {damage}") from damage
    return True


def _translated(product: Path, language: str) -> Iterator[str]:
    for source in catalogues(product):
        if source.parent.parent.name == language:
            with source.open("rb") as file:
                catalogue = read_po(file, locale=language)
            for message in catalogue:
                if message.id and message.string and not message.fuzzy and all(_forms(message.string)):
                    yield message.id[0] if isinstance(message.id, tuple | list) else str(message.id)


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


def used(product: Path) -> Iterator[tuple[Path, str]]:
    """Each text shown to people by a template or a Python file under `product`, with the file that shows it."""
    for file in sorted(product.rglob("*.py")):
        if not {"tests", "migrations"} & set(file.parts):
            for msgid in _in_python(ast.parse(file.read_text(encoding="utf-8"))):
                yield file, msgid
    for suffix in ("html", "txt"):
        for file in sorted(product.glob(f"**/templates/**/*.{suffix}")):
            for msgid in _in_template(file.read_text(encoding="utf-8")):
                yield file, msgid


def _in_python(tree: ast.AST) -> Iterator[str]:
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    renamed = {
        each.asname: each.name
        for node in imported
        if node.module == "django.utils.translation"
        for each in node.names
        if each.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            called = renamed.get(called, called)
            position = 1 if called in WITH_CONTEXT else 0
            if called in SINGULAR | PLURAL | WITH_CONTEXT and len(node.args) > position:
                argument = node.args[position]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                    yield argument.value


def _in_template(source: str) -> Iterator[str]:
    """Django turns a template into something that looks like a program; the calls are read there."""
    for match in IN_TEMPLATE.finditer(templatize(source)):
        literal = match[1] or match[2] or match[4]
        yield str(ast.literal_eval(literal.removeprefix("u")))
