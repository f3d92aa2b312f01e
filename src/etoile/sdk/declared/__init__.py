"""The base of connectors that are all settings: one that looks up, records, and reads what changed, as data says."""

from etoile.sdk.declared.connector import Declared, Record, Stopped, way_back_check
from etoile.sdk.declared.settings import ErrorRule, Lookup, Success
from etoile.sdk.declared.table import first

__all__ = ["Declared", "ErrorRule", "Lookup", "Record", "Stopped", "Success", "first", "way_back_check"]
