"""Pages to look at: whole in one file, light and dark, without a network."""
