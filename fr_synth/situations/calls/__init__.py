"""The calls of a situation's requests: their arguments, where each comes from, and the way to them."""
