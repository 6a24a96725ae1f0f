"""Worlds out: served to agents and trainers over MCP and HTTP, and a client of the latter."""
