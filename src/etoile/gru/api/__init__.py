"""The GRU's own API, for programs of the authority: what the screens do, under `/api/v1/`.

OAuth 2 client credentials (a client is bound to one authority), problem+json for every refusal, keyset pages.
"""
