"""The products `etoile up` starts. Each one names itself: entry point `etoile.products`, a module holding `PRODUCT`."""

import importlib
from dataclasses import dataclass
from importlib.metadata import entry_points

from etoile.runtime.plain import MisuseError


@dataclass(frozen=True, slots=True)
class Product:
    """One product: a Django project with its own database, one web server, and one worker run by `python -m`.

    `append_only` names tables in which the runtime role may only read and insert. `checks` names management commands
    that `etoile doctor` asks: each says in a line what it found right, or fails with a sentence.
    """

    name: str
    settings: str
    wsgi: str
    worker: str
    port_variable: str
    default_port: int
    append_only: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """What its variables begin with: HUB for hub."""
        return self.name.upper()


class UnknownProductError(MisuseError):
    """The name of a product that is not installed; the message lists those that are."""


def discover() -> dict[str, Product]:
    """Installed products by name, in the order of their names; one whose package is absent is left out."""
    found: dict[str, Product] = {}
    for entry in sorted(entry_points(group="etoile.products"), key=lambda entry: entry.name):
        try:
            module = importlib.import_module(entry.value)
        except ModuleNotFoundError as missing:
            if missing.name and entry.value.startswith(missing.name):
                continue
            raise
        found[entry.name] = module.PRODUCT
    return found


def product(name: str) -> Product:
    """The product of that name, else UnknownProductError."""
    installed = discover()
    if name not in installed:
        raise UnknownProductError(f"there is no product “{name}”; installed: {', '.join(installed) or 'none'}")
    return installed[name]
