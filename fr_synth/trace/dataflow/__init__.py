"""Where values come from: provenance of arguments, mentions, expressions over known values, executed calls."""
