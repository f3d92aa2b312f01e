"""The files that tell the server how to behave and whom to let in. They are written at each start; an operator's own
settings go into `local.conf` beside them, which is read last and never written.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from etoile.runtime.postgres.place import PORT, Place

ADMINISTRATOR: Final = "etoile"
MAP: Final = "etoile"

DURABLE: Final = {
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "autovacuum_naptime": "15s",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}
THROW_AWAY: Final = {
    "shared_buffers": "32MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}
COMMON: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "idle_in_transaction_session_timeout": "5min",
    # Values of rows are personal data, and a message such as “invalid input syntax … "value"” repeats them: errors of
    # statements are told to the program that made them, the server's log keeps what happens to the server.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def write(place: Place, *, major: int, throw_away: bool, users: Iterable[str], roles: Iterable[str]) -> None:
    """Write etoile.conf, pg_hba.conf and pg_ident.conf; postgresql.conf only includes them."""
    settings = COMMON | (THROW_AWAY if throw_away else DURABLE) | {"unix_socket_directories": str(place.sockets)}
    if throw_away and major >= 18:
        settings["io_method"] = "sync"
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    _replace(place.cluster / "etoile.conf", lines)
    _replace(place.cluster / "postgresql.conf", ["include 'etoile.conf'", "include_if_exists 'local.conf'"])
    _replace(place.cluster / "pg_hba.conf", [f"local all all peer map={MAP}"])
    allowed = [ADMINISTRATOR, *roles]
    _replace(
        place.cluster / "pg_ident.conf", [f'{MAP} "{user}" "{role}"' for user in sorted(users) for role in allowed]
    )


def _quoted(value: str) -> str:
    return value.replace("'", "''")


def _replace(file: Path, lines: list[str]) -> None:
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text("\n".join(["# Written at each start. Your own settings go into local.conf.", *lines, ""]))
    draft.chmod(0o644)
    draft.replace(file)
