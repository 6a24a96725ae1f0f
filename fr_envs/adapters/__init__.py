"""Foreign tools as worlds."""

from __future__ import annotations

__all__: list[str] = []
