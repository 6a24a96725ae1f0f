"""Commands that let agents play, and judge or compare what they did."""
