from etoile.connectors.cmis.connector import Cmis

CONNECTOR = Cmis()
