"""How fast each client may go: a quota a minute that refills continuously, shared by all the processes.

The generic cell rate algorithm: a client is known by one date, when its quota will be whole again. Announced by the
`RateLimit-Policy` and `RateLimit` headers of draft-ietf-httpapi-ratelimit-headers.
"""

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from etoile.gru.access.models import ApiClient
from etoile.gru.api.models import Limits
from etoile.gru.api.problems import Refusal

WINDOW = 60

_TAKE = """
INSERT INTO api_pace AS known (client_id, whole_at)
VALUES (%(client)s, clock_timestamp() + make_interval(secs => %(step)s))
ON CONFLICT (client_id) DO UPDATE
SET whole_at = GREATEST(known.whole_at, clock_timestamp()) + make_interval(secs => %(step)s)
WHERE known.whole_at <= clock_timestamp() + make_interval(secs => %(most)s)
RETURNING extract(epoch FROM whole_at - clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Left:
    """`whole` is in how many seconds the quota is whole again."""

    quota: int
    remaining: int
    whole: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={WINDOW}',
            "RateLimit": f'"default";r={self.remaining};t={self.whole}',
        }


def take(client: ApiClient) -> Left:
    """Count one request. Raises `Refusal` (429) with when to come back. One statement, one more for a refusal."""
    limits: Limits | None = getattr(client, "limits", None)
    quota = (limits.per_minute if limits is not None else None) or settings.API_PER_MINUTE
    step = WINDOW / quota
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"client": client.pk, "step": step, "most": WINDOW - step})
        row = cursor.fetchone()
    if row is None:
        raise _refused(client, quota, step)
    whole = float(row[0])
    return Left(quota, max(0, math.floor((WINDOW - whole) / step + 1e-6)), math.ceil(whole))


def _refused(client: ApiClient, quota: int, step: float) -> Refusal:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM whole_at - clock_timestamp()) FROM api_pace WHERE client_id = %s", [client.pk]
        )
        row = cursor.fetchone()
    whole = float(row[0]) if row else 0.0
    wait = max(1, math.ceil(whole - WINDOW + step))
    return Refusal(
        429,
        "too-many-requests",
        "Trop de requêtes",
        f"{quota} requêtes par minute au plus. Revenez dans {wait} s.",
        headers={"Retry-After": str(wait), **Left(quota, 0, math.ceil(whole)).headers},
    )
