"""Asking the applications that can list what they hold. On the network: never inside a transaction."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from pydantic import ValidationError

from etoile.hub.registry import calling
from etoile.hub.registry.directory import Snapshot, SubscriptionView
from etoile.sdk import Connector, Door, DoorError, Holding, MailDoor
from etoile.sdk.connector import discover
from etoile.sdk.mail import smtp

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What the application of a subscription holds, or why it could not be asked, in French."""

    holding: Holding | None
    problem: str = ""


def ask(
    snapshot: Snapshot, since: datetime, *, connectors: Mapping[str, Connector] | None = None
) -> dict[int, Answered]:
    """Ask every application that can tell, by its active subscriptions. Those that cannot are not in the answer."""
    installed = discover() if connectors is None else connectors
    asked = [
        (view, installed[view.connector])
        for view in snapshot.subscriptions.values()
        if view.active and view.connector in installed and "held" in installed[view.connector].capabilities
    ]
    return asyncio.run(_ask_all(asked, since)) if asked else {}


async def _ask_all(asked: list[tuple[SubscriptionView, Connector]], since: datetime) -> dict[int, Answered]:
    async with Door(settings.HUB_ALLOWED_PRIVATE_ADDRESSES, folders=settings.HUB_ALLOWED_FOLDERS) as door:
        answers = await asyncio.gather(*(_ask_one(view, connector, since, door) for view, connector in asked))
    return {view.id: answer for (view, _), answer in zip(asked, answers, strict=True) if answer is not None}


async def _ask_one(view: SubscriptionView, connector: Connector, since: datetime, door: Door) -> Answered | None:
    try:
        mail = MailDoor(smtp(settings.HUB_SMTP_URL))
        context = calling.context(view, connector, door, mail, seconds=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            holding = await connector.held(since, context)
    except TimeoutError:
        return Answered(None, "L'application n'a pas fini de répondre à temps.")
    except ValidationError:
        return Answered(None, "La configuration de l'abonnement n'est pas valable.")
    except DoorError as error:
        return Answered(None, f"L'application n'a pas pu être interrogée : {error}")
    except Exception as error:
        return Answered(None, f"Le connecteur a échoué ({type(error).__name__}).")
    return Answered(holding) if holding is not None else None
