"""What the settings of a connector are made of."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One group of settings: a misspelt name is refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
