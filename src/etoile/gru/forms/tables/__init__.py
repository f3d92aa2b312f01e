"""Reference tables: lists a town keeps (its streets, its schools, its associations), imported from CSV, by version.

A procedure names a table, never one of its versions: the next import is what the next person chooses in.
An answer keeps the key and the label that were chosen: nothing of what was said depends on a table afterwards.
"""
