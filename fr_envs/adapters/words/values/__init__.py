"""What is said of a value beside itself: its unit, its day, the choice that it is, and what it changes."""
