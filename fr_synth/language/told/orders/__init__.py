"""Orders told: as the assistant repeats them, as carried out, and with all that they have changed."""
