"""What a text states: numbers, days, identifiers, quotations, paths, names, each where it stands."""
