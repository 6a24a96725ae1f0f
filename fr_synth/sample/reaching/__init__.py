"""How a target is reached: which tool next, and the walks along a chain, an edge, by a rule, into an error."""
