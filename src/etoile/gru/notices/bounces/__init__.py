"""E-mails that come back: read in the mailbox of the sender, put on the notice and on the address, told to the team."""
