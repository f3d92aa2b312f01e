"""What PostgreSQL plans, without its figures: two sizes of a table are compared by the shape of the plan."""

import json


class Explained:
    """A cursor that runs what it is given and keeps its plan; what is asked of the answer is empty.

    In a transaction to be rolled back.
    """

    rowcount = 0

    def __init__(self, cursor):
        self._cursor, self.plans = cursor, []

    def execute(self, query, parameters=None):
        self._cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query}", parameters)
        plan = self._cursor.fetchone()[0]
        self.plans.append((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])

    def fetchall(self):
        return []

    def fetchone(self):
        return None

    def pages(self):
        """Pages of 8 kB looked at, in memory or on disk."""
        return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in self.plans)

    def sequential_scans(self):
        """Tables read from end to end, of those that hold something."""
        return sum(
            node["Node Type"] == "Seq Scan" and node["Actual Rows"] > 0 for plan in self.plans for node in nodes(plan)
        )


def shape(plan):
    """Nodes, indexes and joins as a nested tuple; costs and numbers of rows are left out."""
    kept = tuple(str(plan[name]) for name in ("Node Type", "Join Type", "Index Name", "Relation Name") if name in plan)
    return (*kept, *(shape(child) for child in plan.get("Plans", ())))


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)
