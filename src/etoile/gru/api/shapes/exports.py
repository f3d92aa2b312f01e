"""Exports of lists, as asked and as followed."""

import uuid
from datetime import datetime

from ninja import Field, Schema

from etoile.gru.api.shapes.given import Given
from etoile.gru.batches.models import Batch, Format
from etoile.gru.batches.services import LONGEST

OF_AGENT = "The e-mail address of the agent in whose name it was asked; the agent must hold the right to export."


class ExportIn(Given):
    agent: str = Field(max_length=254, description=OF_AGENT)
    query: str = Field(
        "", max_length=LONGEST, description="What the address of the list says after its `?` in the back-office."
    )
    format: Format = Format.CSV


class ExportOut(Schema):
    id: uuid.UUID
    state: str = Field(description="waiting, running, stopped, done or failed")
    format: str
    done: int
    total: int
    problem: str
    size: int
    sha256: str
    created_at: datetime
    expires_at: datetime | None = Field(None, description="Until when the file is kept; null, there is none yet.")

    @classmethod
    def of(cls, batch: Batch) -> "ExportOut":
        return cls(**{name: getattr(batch, name) for name in cls.model_fields})
