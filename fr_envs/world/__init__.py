"""States, calls, handlers; a world, several as one, worlds by name."""
