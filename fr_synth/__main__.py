"""``python -m fr_synth`` is ``funreason``."""

from __future__ import annotations

import sys

from fr_synth.cli import main

if __name__ == "__main__":  # worker processes import this module too
    sys.exit(main())
