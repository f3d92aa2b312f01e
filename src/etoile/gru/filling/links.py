"""The address of a draft: it is printed in an e-mail."""

import uuid
from collections.abc import Mapping
from typing import Any

from etoile.gru.filling.resuming import token_of


def resuming_address(context: Mapping[str, Any]) -> str:
    """Where the draft of a `draft_link` notice is taken up. It opens the draft: for the person's own eyes only."""
    return f"/demarches/reprendre/{token_of(uuid.UUID(context['draft']))}/"
