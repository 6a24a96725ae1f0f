"""A model's text held to the true one: to what the situation says of the very same turn, sentence by sentence."""
