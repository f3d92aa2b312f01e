"""How a simulated system misbehaves: one vocabulary and one switch, whatever it speaks.

`Faults(application)` spoils an ASGI application; `Switch` is asked by one that speaks something else (SFTP, SMTP).
"""

from etoile.sdk.faults.clock import Clock
from etoile.sdk.faults.control import About, Control
from etoile.sdk.faults.http import Faults
from etoile.sdk.faults.kinds import HTTP, KINDS, STATUSES, TELLING, VOCABULARY, Kind
from etoile.sdk.faults.sockets import cut_connection
from etoile.sdk.faults.switch import Fault, Switch

__all__ = [
    "HTTP",
    "KINDS",
    "STATUSES",
    "TELLING",
    "VOCABULARY",
    "About",
    "Clock",
    "Control",
    "Fault",
    "Faults",
    "Kind",
    "Switch",
    "cut_connection",
]
