"""What a dialogue is made of: provenance, mentions, executed calls, turns, macros, records."""
