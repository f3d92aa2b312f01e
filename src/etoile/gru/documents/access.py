"""Who may read a document by its address alone: the holder of a short-lived signature of the hub.

Only the doors to the hub know the contract, so the one that checks signatures registers itself here at start.
"""

from collections.abc import Callable

Verifier = Callable[[str], bool]

_verifiers: list[Verifier] = []


def register_verifier(verifier: Verifier) -> None:
    """`verifier(path_and_query)` says whether the address carries a valid, unexpired signature. Replaces the former
    one.
    """
    _verifiers[:] = [verifier]


def is_signed(path_and_query: str) -> bool:
    """Without a verifier nobody may read: closed by default."""
    return bool(_verifiers) and _verifiers[0](path_and_query)
