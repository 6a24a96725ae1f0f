"""Many dialogues: workers, journal, statistics."""
