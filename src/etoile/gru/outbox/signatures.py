"""Checking the short-lived signature that the hub puts on the address of a document.

The rooms above may not import the contract: they ask here.
"""

from django.conf import settings

from etoile.contract.signature import SignatureError, verify_address


def signed_by_hub(address: str) -> bool:
    """True when this address (path and query are enough) was signed with the document secret, and has not expired."""
    try:
        verify_address(address, settings.DOCUMENT_SECRET)
    except SignatureError:
        return False
    return True
