"""Changing the draft of a procedure, one verb at a time. Each verb says which revision it saw, and leaves a draft that
can be read."""
