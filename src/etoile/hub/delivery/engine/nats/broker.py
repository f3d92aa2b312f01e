"""The NATS servers: how they are reached, and the stream that holds this hub's offers."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

CONNECT_SECONDS = 3
AGAIN = 1.0
ANSWER_SECONDS = 3.0
# An offer lives that many waits of the broker; then it is made again.
PATIENCE = 3
# A consumer nobody asks any more (a subscription that was removed) goes by itself.
FORGOTTEN_AFTER = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the servers are, as whom, and what this hub asks of them.

    `instance` names this hub among those that share the servers. `replicas`: on how many servers the offers are kept.
    `ack_wait`: seconds a worker has to lend what it was offered. `ca`, `certificate` and `key` are paths, for TLS.
    """

    urls: tuple[str, ...]
    instance: str = "hub"
    replicas: int = 1
    ack_wait: float = 10.0
    user: str = ""
    password: str = ""
    ca: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def stream(self) -> str:
        return f"etoile_deliver_{self.instance}"

    @property
    def patience(self) -> float:
        """Seconds after which an offer that nobody took is made again."""
        return self.ack_wait * PATIENCE

    def subject(self, subscription_id: int | str) -> str:
        return f"etoile.deliver.{self.instance}.{subscription_id}"

    def consumer(self, subscription_id: int) -> str:
        return f"subscription_{subscription_id}"


async def connect(
    address: Address, *, name: str, lost: Callable[[], Awaitable[None]], back: Callable[[], Awaitable[None]]
) -> Client:
    """A connection that connects again by itself, to whichever server answers. Raises what NATS raises.

    `lost` is called when it gives up for good (a refused password), `back` each time it is connected again.
    """
    return await nats.connect(
        list(address.urls),
        name=f"etoile-hub {name}",
        user=address.user or None,
        password=address.password or None,
        tls=_tls(address),
        connect_timeout=CONNECT_SECONDS,
        reconnect_time_wait=AGAIN,
        max_reconnect_attempts=-1,
        error_cb=_already_told,
        closed_cb=lost,
        reconnected_cb=back,
    )


async def ensure_stream(client: Client, address: Address) -> bool:
    """The stream, as the settings ask for it. True if it was not there: then every offer is lost."""
    js = client.jetstream(timeout=ANSWER_SECONDS)
    wanted = StreamConfig(
        name=address.stream,
        subjects=[address.subject("*")],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        num_replicas=address.replicas,
        max_age=address.patience,
        duplicate_window=address.patience,
    )
    try:
        found = (await js.stream_info(address.stream)).config
    except NotFoundError:
        await js.add_stream(wanted)
        return True
    if (found.num_replicas, found.max_age) != (wanted.num_replicas, wanted.max_age):
        await js.update_stream(wanted)
    return False


async def ensure_consumer(client: Client, address: Address, subscription_id: int) -> None:
    """The consumer that all the workers of a subscription share."""
    await client.jetstream(timeout=ANSWER_SECONDS).add_consumer(
        address.stream,
        ConsumerConfig(
            name=address.consumer(subscription_id),
            durable_name=address.consumer(subscription_id),
            filter_subject=address.subject(subscription_id),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=address.ack_wait,
            max_ack_pending=-1,
            inactive_threshold=FORGOTTEN_AFTER,
        ),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What the servers say of this hub's stream. `waiting`: offers nobody has taken yet."""

    server: str
    version: str
    replicas: int
    waiting: int


async def look(address: Address) -> Standing | None:
    """How the stream stands; None if no worker has made it yet. Raises OSError or nats.errors.Error."""

    client = await nats.connect(
        list(address.urls),
        user=address.user or None,
        password=address.password or None,
        tls=_tls(address),
        connect_timeout=CONNECT_SECONDS,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0,
        error_cb=_already_told,
    )
    try:
        return await _standing(client, client.jetstream(timeout=ANSWER_SECONDS), address)
    finally:
        await client.close()


async def _standing(client: Client, js: JetStreamContext, address: Address) -> Standing | None:
    await js.account_info()
    try:
        info = await js.stream_info(address.stream)
    except NotFoundError:
        return None
    server = client.connected_url.netloc if client.connected_url else ""
    return Standing(server, str(client.connected_server_version), info.config.num_replicas or 1, info.state.messages)


async def _already_told(_error: Exception) -> None:
    """What goes wrong is told where it is noticed: by the relay and by the pulls."""


def _tls(address: Address) -> ssl.SSLContext | None:
    if not (address.ca or address.certificate or any(url.startswith("tls:") for url in address.urls)):
        return None
    context = ssl.create_default_context(cafile=address.ca or None)
    if address.certificate:
        context.load_cert_chain(address.certificate, address.key or None)
    return context
