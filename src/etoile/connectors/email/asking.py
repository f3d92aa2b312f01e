"""What is added to a message when its reply is read: the mark, and how to answer, in plain words."""

from etoile.connectors.email.configuration import Replies
from etoile.connectors.email.quoting import CUT_HERE


def headers(settings: Replies, mark: str, sender: str) -> dict[str, str]:
    """The mark where programs repeat it: in the address to reply to, and in the identifier of the message."""
    local, _, domain = settings.address.rpartition("@")
    address = f"{local}+{mark}@{domain}" if settings.plus_address else settings.address
    return {"Reply-To": address, "Message-ID": f"<{mark}@{sender.rpartition('@')[2]}>"}


def text(settings: Replies, written: str) -> str:
    commands = ", ".join(f"« {each} »" for each in settings.commands)
    rest = (
        "Le reste de votre réponse, sans ses pièces jointes, est transmis à la personne."
        if settings.forward_text
        else "Le reste de votre réponse n’est pas transmis : il reste dans la boîte."
    )
    asked = (
        f"Pour dire l’avancement, écrivez en première ligne : {commands}. Un motif se met après deux-points."
        if commands
        else ""
    )
    return "\n".join([CUT_HERE, "", written, asked, rest, ""])
