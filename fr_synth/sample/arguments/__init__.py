"""The arguments of one call: where each value comes from, and how the user speaks of it."""
