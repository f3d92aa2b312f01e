"""All that a connector may see: see `connector.Connector` to write one, `testing` to try it."""

from etoile.sdk.connector import Check, Connector, HeldItem, Holding, Polled, Problem, Received, Request
from etoile.sdk.context import Context
from etoile.sdk.documents import Document, DocumentError, documents_of
from etoile.sdk.door import Door, DoorError, Part, Response
from etoile.sdk.lookup import LookupOutcome, LookupResult
from etoile.sdk.mail import Attachment, MailDoor, MailError
from etoile.sdk.manifest import Manifest, ManifestError
from etoile.sdk.mapping import Answered, Mapping, MappingError, Return, ReturnedDocument
from etoile.sdk.outcome import Outcome, OutcomeKind, Posted, Returned

__all__ = [
    "Answered",
    "Attachment",
    "Check",
    "Connector",
    "Context",
    "Document",
    "DocumentError",
    "Door",
    "DoorError",
    "HeldItem",
    "Holding",
    "LookupOutcome",
    "LookupResult",
    "MailDoor",
    "MailError",
    "Manifest",
    "ManifestError",
    "Mapping",
    "MappingError",
    "Outcome",
    "OutcomeKind",
    "Part",
    "Polled",
    "Posted",
    "Problem",
    "Received",
    "Request",
    "Response",
    "Return",
    "Returned",
    "ReturnedDocument",
    "documents_of",
]
