"""For an application that cannot be called: it asks the hub for what waits, and says what it did of it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from etoile.sdk import Check, Connector, Context, Manifest


class Configuration(BaseModel):
    """What the town sets once per subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lease_seconds: int = Field(default=60, ge=5, le=3600, title="Temps laissé pour accuser réception (secondes)")
    max_items: int = Field(default=50, ge=1, le=200, title="Nombre de messages par relève, au plus")


class Mailbox(Connector):
    """Nothing is sent: the deliveries wait in the hub until the application pulls and acknowledges them."""

    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration
    pull = True

    async def check(self, context: Context) -> list[Check]:
        """There is nobody to call: the settings were read, that is all that can be known from here."""
        words = "L’application relève elle-même sa boîte : il n’y a rien à appeler."
        return [Check("reachability", True, words)]
