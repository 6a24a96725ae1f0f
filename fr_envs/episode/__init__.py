"""What an agent plays: calls as models write them, tasks, goals and verdicts, the session."""
