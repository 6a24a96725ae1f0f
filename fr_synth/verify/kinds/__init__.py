"""Proofs of the kinds of turn: where another move than to act is right, it really is."""
