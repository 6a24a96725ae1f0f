"""What was shown, and what would be shown by now: a text held to its things, of whatever world they are."""
