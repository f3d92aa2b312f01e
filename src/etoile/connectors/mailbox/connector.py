"""For an application that cannot be called: it asks the hub for what waits, and says what it did of it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from etoile.sdk import Check, Connector, Context, Manifest


class Configuration(BaseModel):
    """Nothing to set here: how long a delivery is lent is in the policy (`lease`); the application asks how many."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mailbox(Connector):
    """Nothing is sent: the deliveries wait in the hub until the application pulls and acknowledges them."""

    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration
    pull = True

    async def check(self, context: Context) -> list[Check]:
        """There is nobody to call: the settings were read, that is all that can be known from here."""
        words = "L’application relève elle-même sa boîte : il n’y a rien à appeler."
        return [Check("reachability", True, words)]
