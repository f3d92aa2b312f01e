"""What a procedure says of the way its requests are treated: shapes, reading, checks, form of the file."""
