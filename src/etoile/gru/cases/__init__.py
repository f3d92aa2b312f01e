"""Cases (demandes): their life, their history, and all that is said about them.

`services` holds the verbs and is the only writer; `moves.move` is the only function that changes a state;
`queries` gives the read models of the screens and of the API.
"""
