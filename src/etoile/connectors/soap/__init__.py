from etoile.connectors.soap.connector import Soap

CONNECTOR = Soap()
