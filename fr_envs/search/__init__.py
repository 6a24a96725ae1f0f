"""Walks that look for something: witnesses of edges, arguments that go through."""
