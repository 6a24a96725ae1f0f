"""A model's figures and names held to what its situation tells in the turn, each in its own place."""
