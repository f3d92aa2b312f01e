"""Works that an agent asks on many cases at once, done by the worker: exports of a list, acts on a selection."""
