"""What the names in a situation's wordings stand for in a dialogue, and values worked out and held to that."""
