"""Who writes the words: the one seam to language models."""
