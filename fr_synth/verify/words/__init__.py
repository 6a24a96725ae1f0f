"""Proofs over words: what points at what, what gives away too much, days as they are said."""
