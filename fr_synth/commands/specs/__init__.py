"""``funreason spec`` and its own subcommands."""
