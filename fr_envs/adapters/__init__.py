"""Foreign tools in: OpenAI lists, OpenAPI documents, MCP servers, Python objects become contracts and worlds."""
