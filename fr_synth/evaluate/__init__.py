"""Agents against tasks, and ablations."""
