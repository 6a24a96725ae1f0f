"""Backends made up for tools that have none: what a list says, played as if something stood behind it."""
