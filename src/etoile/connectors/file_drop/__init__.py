from etoile.connectors.file_drop.connector import FileDrop

CONNECTOR = FileDrop()
