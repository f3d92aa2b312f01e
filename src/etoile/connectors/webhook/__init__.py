from etoile.connectors.webhook.connector import Webhook

CONNECTOR = Webhook()
