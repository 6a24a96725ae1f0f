"""What goes wrong in turns that are played: faults of the world, and mistakes of the agent's own that it sets right."""
