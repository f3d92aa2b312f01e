from etoile.connectors.email.connector import Email

CONNECTOR = Email()
