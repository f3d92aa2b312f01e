"""Everything that is held about a person: table by table, each column given or withheld for a reason that is said."""
