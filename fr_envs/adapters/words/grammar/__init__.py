"""Verbs, nouns and the joints between them: how the words of a description become an order in plain English."""
