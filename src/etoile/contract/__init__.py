"""What every side of the star agrees on: the envelope, the data of each message, errors, signatures, the client."""
