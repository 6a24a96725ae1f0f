"""Proofs over goals: what they hold, that they hold just that, and what turns are aimed at."""
