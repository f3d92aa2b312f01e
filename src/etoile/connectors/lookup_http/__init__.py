from etoile.connectors.lookup_http.connector import LookupHttp

CONNECTOR = LookupHttp()
