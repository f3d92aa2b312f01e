from etoile.connectors.http_json.connector import HttpJson

CONNECTOR = HttpJson()
