"""What the GRU keeps that a copy of its database must not tell: sealed under a key that may be changed, and digests and
identifiers under one that may not."""
