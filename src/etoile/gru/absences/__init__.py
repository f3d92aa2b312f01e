"""An agent who is away, and who stands in for them: their cases are also the other's, with the other's own rights."""
