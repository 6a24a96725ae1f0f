"""One function a tool, by noun."""
