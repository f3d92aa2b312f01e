"""The row-level security of the tables that speak of persons, as SQL for migrations."""


def visible(table: str, column: str = "person_id") -> str:
    """Rows of `table` are read and written with the person they speak of: whoever sees one sees the other."""
    seen = f"EXISTS (SELECT 1 FROM people_person seen WHERE seen.id = {table}.{column})"  # noqa: S608
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {table}_sealed ON {table} USING ({seen});
    """


def open_again(table: str) -> str:
    return f"""
        DROP POLICY {table}_sealed ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """
