"""The first state of a bank: people, what they own, what is frozen of the outside."""
