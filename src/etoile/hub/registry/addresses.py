"""Which addresses of documents an application may name, and the hub sign: those under its own base address."""

from urllib.parse import unquote, urlsplit


def within(url: str, base: str) -> bool:
    """True if `url` is under `base`, read as a server would: no way up, no other host, no account, no query."""
    if not base:
        return False
    asked, held = urlsplit(url), urlsplit(base)
    path = unquote(asked.path)
    return (
        (asked.scheme, asked.netloc) == (held.scheme, held.netloc)
        and path.startswith(held.path.rstrip("/") + "/")
        and "\\" not in path
        and not {".", ".."} & set(path.split("/"))
        and not asked.query
        and not asked.fragment
    )
