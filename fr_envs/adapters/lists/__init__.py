"""Lists of tools as contracts."""
