"""Situations: who comes to a world, why, with what requests; data that is checked like contracts."""
