"""What is known at each moment of a dialogue, and from where."""
