"""MCP servers as worlds."""
