class TieRefused(Exception):
    """Nothing was written; the message says in French why."""
