"""Values that a text states, held to what is known: traced, derived, counted, compared."""
