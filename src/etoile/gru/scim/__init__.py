"""What the directory of an authority says of who is still there: SCIM 2.0 (RFC 7643, RFC 7644), the part for users."""
