"""Python objects as worlds."""
