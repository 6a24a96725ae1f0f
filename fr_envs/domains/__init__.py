"""The worlds that ship with the package."""
