"""The proofs; nothing in here imports what generates."""
