"""Formats of arguments as services use them.

1. A time with or without a zone is a time; what is none is none.
2. The other formats stay those of the standard.
"""

import pytest

from fr_envs.contract.validators import validator_of


@pytest.mark.parametrize(
    ("form", "text", "fits"),
    [
        ("time", "09:30", True),
        ("time", "09:30:00", True),
        ("time", "09:30:00Z", True),
        ("time", "09:30:00+02:00", True),
        ("time", "25:30:00", False),
        ("time", "0930", False),
        ("time", "time", False),
        ("date-time", "2026-03-02T09:30:00", True),
        ("date-time", "2026-03-02 09:30", True),
        ("date-time", "2026-03-02T09:30:00.5-05:00", True),
        ("date-time", "2026-02-32T09:30:00", False),
        ("date-time", "20260302T0930", False),
        ("date", "2026-03-02", True),
        ("date", "2026-02-30", False),
        ("email", "nobody", False),
    ],
)
def test_formats(form: str, text: str, fits: bool) -> None:
    assert validator_of({"type": "string", "format": form}).is_valid(text) == fits
