"""The distributed engine: deliveries that are due are offered to the workers by NATS JetStream.

PostgreSQL stays the record of what exists, of the order and of the leases; the broker holds nothing but identifiers of
what is about to leave, and may lose them all. The way of one delivery:

1. `relay` marks what is due and not offered, then publishes it (`offers` has the SQL). An offer is for one due time:
   when that changes (a lease taken, a retry, a release), the delivery counts as not offered again, with no other sign.
2. `pulls` asks each subscription's consumer for as many offers as the worker has room for.
3. `feed` lends what was offered, by the same statement as everywhere, and acknowledges the offer once that is
   committed. From there on the lease is in PostgreSQL, and so is its end: nothing more is asked of the broker.

An offer not taken within `PATIENCE` times the broker's wait is made again, whatever became of the first.
"""

from etoile.hub.delivery.engine.nats.broker import Address
from etoile.hub.delivery.engine.nats.feed import NatsEngine

__all__ = ["Address", "NatsEngine"]
