"""One client for teachers and agents: any OpenAI-compatible endpoint, asked side by side, once for each question."""
