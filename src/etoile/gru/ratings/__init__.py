"""What people say of an answered request: a mark from one to five, a comment that a manager reads first."""
