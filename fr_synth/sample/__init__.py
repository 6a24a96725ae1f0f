"""Targets, and the walks that reach them: a turn as a trace, and its macro."""
