"""Hypothesis profiles: `ci` gives the same examples on every run, `explore` looks for new ones."""

import os

from hypothesis import HealthCheck, settings

any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
settings.register_profile("ci", any_speed, derandomize=True)
settings.register_profile("explore", any_speed, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
