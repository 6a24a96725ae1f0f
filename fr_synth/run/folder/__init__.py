"""A run folder: whose it is, the journal that survives being killed, and its records found and read again."""
