"""The styles in which models write calls, a module a style."""
