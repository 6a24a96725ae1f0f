"""Words for foreign tools."""
