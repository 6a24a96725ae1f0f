"""OpenAPI documents as contracts, services as worlds."""
