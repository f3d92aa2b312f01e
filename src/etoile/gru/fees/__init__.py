"""What is to be paid for a request, and whether it was. No card, no account number is ever seen here."""
