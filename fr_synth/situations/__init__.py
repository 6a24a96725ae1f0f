"""Situations played: a cast from a living world, requests as calls with the way to them, and the words for both."""
