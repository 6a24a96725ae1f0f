"""Regular expressions of schemas from strangers: checked and drawn from within bounds, whatever they are.

1. An expression on which a backtracking engine hangs is answered at once.
2. What is drawn has a length in which memory does not end; what is too much is a ``UsageError``.
"""

import jsonschema_rs
import numpy as np
import pytest

from fr_envs.contract.samples import sample_text, sample_value
from fr_envs.errors import UsageError

HANGING = ["^(a+)+$", "^(a|aa)+$", "^(a|a)*$", "(x+x+)+y", "^(a+)+(?!b)$", "^(([a-z])+.)+[A-Z]([a-z])+$"]


@pytest.mark.parametrize("pattern", HANGING)
def test_a_pattern_that_backtracks_without_end_is_answered(pattern: str) -> None:
    validator = jsonschema_rs.Draft202012Validator({"type": "string", "pattern": pattern})
    assert validator.is_valid("a" * 5_000 + "!" * 5) in {True, False}


@pytest.mark.parametrize(
    "pattern", ["((a{2000}){2000}){30}", "a{1000000000}", "a{1,x}", "a{9,99999999999}", "(" * 5_000 + "a" + ")" * 5_000]
)
def test_what_is_drawn_is_bounded(pattern: str) -> None:
    for draw in (sample_text, lambda given, rng: sample_value({"type": "string", "pattern": given}, rng)):
        with pytest.raises(UsageError, match="cannot draw"):
            draw(pattern, np.random.default_rng(1))


def test_what_is_usual_is_drawn() -> None:
    assert len(sample_text("(ab{2,3}){4}", np.random.default_rng(1))) >= 12
