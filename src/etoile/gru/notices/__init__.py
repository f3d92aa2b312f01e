"""Notices to the person: receipts and news of a case, written in the caller's transaction, mailed by the worker.

A notice carries the reference, the procedure and a link, never the content of the file.
"""
