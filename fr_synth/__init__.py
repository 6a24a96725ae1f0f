"""The synthesis: from worlds and their API graphs to proven multi-turn dialogues and tasks."""

from __future__ import annotations
