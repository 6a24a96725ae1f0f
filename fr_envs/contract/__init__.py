"""What a contract says, how it is read and checked, and how its tools look to others."""
