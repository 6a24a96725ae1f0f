"""The API dependency graph: edges, what a value can still be used for, witnesses, drawings."""
