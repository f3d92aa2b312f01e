from etoile.connectors.mailbox.connector import Mailbox

CONNECTOR = Mailbox()
