"""What a text says without a value: things done, statuses, requests."""
