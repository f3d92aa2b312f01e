"""Roles and databases, made where missing. In each database one role owns the tables, another one uses them, so that
the append-only journal binds the program itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Database:
    """One product's database and its two roles."""

    product: str
    name: str
    owner: str
    runtime: str


DATABASES: Final = {
    product: Database(product, f"etoile_{product}", f"{product}_owner", f"{product}_app") for product in ("hub", "gru")
}
ROLES: Final = tuple(role for database in DATABASES.values() for role in (database.owner, database.runtime))


def provision(conninfo: str, *, may_create_databases: bool = False) -> None:
    """Make what is missing, through the administrator's connection `conninfo` (to database `postgres`)."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for role in ROLES:
            if role not in roles:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        for database in DATABASES.values():
            if may_create_databases:
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(database.owner)))
            if database.name not in databases:
                _create(connection, database)


def grant(connection: psycopg.Connection, runtime_role: str, *, append_only: Sequence[str] = ()) -> None:
    """Let the runtime role use, and never alter, what the connected owner has made and will make in schema public.

    It may only read and insert in the tables of `append_only`.
    """
    role = sql.Identifier(runtime_role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))
    for table in append_only:
        words = {"role": role, "table": sql.Identifier(table)}
        connection.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}").format(**words))


def _create(connection: psycopg.Connection, database: Database) -> None:
    names = {"database": sql.Identifier(database.name), "owner": sql.Identifier(database.owner)}
    names["runtime"] = sql.Identifier(database.runtime)
    for statement in (
        "CREATE DATABASE {database} OWNER {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {runtime}",
    ):
        connection.execute(sql.SQL(statement).format(**names))
