"""The one outgoing door: every request of every connector leaves the hub through it.

TLS is verified, redirects are never followed, cookies are never kept, answers are read up to a limit, and only public
addresses are reached unless the operator allowed `host:port`. Neither bodies nor addresses are logged.
"""

from etoile.sdk.door.bodies import BLOCK, Data, Incoming, Part, Response
from etoile.sdk.door.certificates import Certificate
from etoile.sdk.door.door import CONNECT_TIMEOUT, Door
from etoile.sdk.door.errors import DoorError, DoorErrorKind
from etoile.sdk.door.resolving import GuardedResolver

__all__ = [
    "BLOCK",
    "CONNECT_TIMEOUT",
    "Certificate",
    "Data",
    "Door",
    "DoorError",
    "DoorErrorKind",
    "GuardedResolver",
    "Incoming",
    "Part",
    "Response",
]
