"""What holds for every test: Hypothesis profiles, where compiled modules are kept, and what coverage is measured of.

Of the profiles, `ci` gives the same examples on every run, so that few are enough; `explore` looks for new ones.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
settings.register_profile("ci", any_speed, derandomize=True, max_examples=50)
settings.register_profile("explore", any_speed, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Tests start many processes, and each would compile all modules anew: half a second. No source's folder is touched.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
    sys.dont_write_bytecode = False


gc.disable()  # what collecting makes is kept to the end; looking through it for garbage takes a third of the time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage of slow tests: they would take up to three times as long on lines that quicker ones run."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Collect garbage again, but never look through the tests and modules that are there now."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """End what pytest-cov has begun in a worker of xdist before it begins anew: it would go on whenever that pauses."""
    measuring = session.config.pluginmanager.getplugin("_cov")
    if hasattr(session.config, "workerinput") and measuring and measuring.cov_controller:
        measuring.cov_controller.cov.stop()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Measure no coverage of what tests share either: these are whole runs, as slow tests are."""
    measuring = request.config.pluginmanager.getplugin("_cov")
    control = measuring and measuring.cov_controller
    if fixturedef.scope == "function" or not control or not control.started:
        return (yield)
    control.pause()
    try:
        return (yield)
    finally:
        control.resume()
