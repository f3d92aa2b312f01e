from etoile.connectors.lookup_csv.connector import LookupCsv

CONNECTOR = LookupCsv()
