"""What holds for every test: Hypothesis profiles, where compiled modules are kept, and what coverage is measured of.

Of the profiles, `ci` gives the same examples on every run, `explore` looks for new ones.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
settings.register_profile("ci", any_speed, derandomize=True)
settings.register_profile("explore", any_speed, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Tests start many processes, and each would compile all modules anew: half a second. No source's folder is touched.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
    sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage of slow tests: they would take up to three times as long on lines that quicker ones run."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker("no_cover")
