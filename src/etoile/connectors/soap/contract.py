"""The contract of an application: its WSDL and XSD, read by zeep from frozen files, and the operations it offers."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import zeep.exceptions
from lxml import etree
from zeep.settings import Settings
from zeep.wsdl import Document as Wsdl
from zeep.wsdl.bindings.soap import Soap11Binding, Soap12Binding

from etoile.connectors.soap import markup, shapes
from etoile.connectors.soap.freezing import BASE, ContractError, Files, UnfitError
from etoile.connectors.soap.validation import Validator

__all__ = ["Contract", "ContractError", "Operation", "Version"]

Version = Literal["1.1", "1.2"]
# What zeep raises for a WSDL that is none, or that is not quite right.
UNREADABLE = (
    zeep.exceptions.Error, etree.LxmlError, LookupError, TypeError, ValueError, AttributeError, AssertionError,
    RuntimeError,
)  # fmt: skip
BINDINGS: dict[str, Any] = {"1.1": Soap11Binding, "1.2": Soap12Binding}


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation in one version of SOAP."""

    name: str
    version: str
    action: str
    _operation: Any
    _validator: Validator

    def envelope(self, request: dict[str, Any]) -> etree._Element:
        """The envelope of a request, without headers.

        ContractError for a value that the contract refuses, UnfitError for a name or a group; values are never told.
        """
        try:
            envelope = self._operation.create(**request).content
        except zeep.exceptions.ValidationError as error:
            place = ".".join(str(each) for each in error.path or ())
            raise ContractError(f"« {place or self.name} » manque ou n’est pas de la forme attendue.") from None
        except (zeep.exceptions.Error, TypeError, ValueError, AttributeError, ArithmeticError):
            faults = shapes.faults_of(request, self._input, self.name)
            words = " ; ".join(faults) or f"La demande n’a pas la forme attendue par « {self.name} »."
            raise UnfitError(words) from None
        if self._operation.style == "document":
            self._validator.check(envelope)
        return envelope

    def faults_of(self, tree: Any) -> list[str]:
        """What does not fit, in a request whose leaves may still be expressions; in French, empty when all is well."""
        return shapes.faults_of(tree, self._input, self.name)

    def body_of(self, element: etree._Element) -> Any:
        """The content of an answer, as values that expressions read."""
        output = self._operation.output.body
        return shapes.values_of(element, output.type if output is not None else None)

    @property
    def _input(self) -> Any:
        body = self._operation.input.body
        return body.type if body is not None else None


@dataclass(frozen=True, eq=False)
class Contract:
    """A contract that was read. `fingerprint`: 12 hexadecimal digits that change when any of its files does."""

    fingerprint: str
    files: tuple[str, ...]
    encoded: frozenset[str]
    validator: Validator
    _wsdl: Wsdl

    @classmethod
    def read(cls, files: Files, wsdl: str, expected: str | None = None) -> "Contract":
        """ContractError, in French, when a file is missing, unreadable, or not the one that was agreed."""
        if wsdl not in files.contents:
            known = ", ".join(files.contents)
            raise ContractError(f"Le fichier « {wsdl} » n’est pas parmi ceux du contrat ({known}).")
        fingerprint = fingerprint_of(files)
        if expected and expected != fingerprint:
            raise ContractError(
                f"Les fichiers du contrat ont changé (empreinte {fingerprint}, {expected} attendue) : faites relire le"
                " changement, puis mettez l’empreinte à jour."
            )
        return _read(wsdl, tuple(files.contents.items()), fingerprint)

    def operation(self, name: str, version: str) -> Operation:
        """ContractError, with the operations that exist, when this one does not."""
        bindings: list[Any] = [
            port.binding for service in self._wsdl.services.values() for port in service.ports.values()
        ]
        spoken: list[Any] = [binding for binding in bindings if type(binding) is BINDINGS[version]]
        if not spoken:
            others = [known for known, kind in BINDINGS.items() if any(type(each) is kind for each in bindings)]
            raise ContractError(f"Le contrat ne propose pas SOAP {version} ({', '.join(others) or 'aucun'} proposé).")
        found = next((binding.all()[name] for binding in spoken if name in binding.all()), None)
        if found is None:
            names = ", ".join(sorted({each for binding in spoken for each in binding.all()}))
            raise ContractError(f"L’opération « {name} » n’existe pas dans le contrat. Celles qui existent : {names}.")
        if name in self.encoded:
            raise ContractError(
                f"L’opération « {name} » est en « RPC encoded », une forme ancienne non prise en charge."
            )
        if found.output is None or found.output.abstract is None:
            raise ContractError(
                f"L’opération « {name} » ne répond rien : elle ne peut pas prouver qu’elle a enregistré."
            )
        return Operation(name, version, found.soapaction or "", found, self.validator)


@lru_cache(maxsize=64)
def _read(wsdl: str, contents: tuple[tuple[str, bytes], ...], fingerprint: str) -> Contract:
    """One reading for all the subscriptions that have the same contract: it takes tens of milliseconds."""
    files = Files(dict(contents))
    if markup.local(markup.read(files.contents[wsdl])) != "definitions":
        raise ContractError(f"Le WSDL « {wsdl} » n’est pas lisible : ce n’est pas un WSDL 1.1.")
    # Our files are the only thing it can load: an import from elsewhere is refused there, in words.
    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, force_https=False)
    try:
        document = Wsdl(BASE + wsdl, cast(Any, files), settings=settings)
    except ContractError:
        raise
    except UNREADABLE as error:
        raise ContractError(f"Le WSDL « {wsdl} » n’est pas lisible ({type(error).__name__}).") from None
    return Contract(fingerprint, tuple(files.contents), _encoded(files), Validator(files), document)


def fingerprint_of(files: Files) -> str:
    digest = hashlib.sha256()
    for name, content in files.contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def _encoded(files: Files) -> frozenset[str]:
    names = set()
    for content in files.contents.values():
        for body in markup.read(content).iter("{*}body"):
            operation = next(body.iterancestors("{*}operation"), None)
            if body.get("use") == "encoded" and operation is not None:
                names.add(operation.get("name", ""))
    return frozenset(names)
