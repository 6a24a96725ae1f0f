"""Numbers told: how much of what, in which unit, how much is left, what several come to."""
