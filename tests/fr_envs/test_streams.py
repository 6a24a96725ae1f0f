"""Randomness is made in one place, and draws what it has always drawn.

1. A stream's name decides what it draws: the values of every kind of name are pinned, so records stay as they are.
2. Names that differ in trailing zeros alone are one stream up to four words; all others are different ones.
3. ``pick`` takes one draw and gives what indexing with it gives.
4. No other module makes a generator.
"""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import streams
from fr_envs.streams import (
    DialogueStream,
    ScheduleStream,
    draw_seed,
    generator,
    pick,
    request_seed,
    seed_of,
    world_seed,
)

ROOT = Path(__file__).parent.parent.parent
PURPOSES = [each for name, each in vars(streams).items() if name.endswith("Stream")]


def drawn(name: Sequence[int], count: int = 4) -> list[int]:
    return [int(each) for each in generator(*name).integers(1000, size=count)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ((7,), [944, 625, 684, 897]),
        ((7, 3, 0, DialogueStream.SAMPLER), [637, 45, 758, 298]),
        ((7, 3, 0, DialogueStream.WORDS), [113, 772, 72, 565]),
        ((2**40, 1), [850, 274, 786, 201]),
    ],
)
def test_a_stream_draws_what_it_always_drew(name: tuple[int, ...], values: list[int]) -> None:
    assert drawn(name) == values


def test_an_order_is_what_it_always_was() -> None:
    assert generator(7, 0, 1, ScheduleStream.LENGTH).permutation(6).tolist() == [2, 4, 5, 3, 0, 1]


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=6))
def test_a_stream_is_numpys_own(name: list[int]) -> None:
    expected = np.random.default_rng(name).integers(1000, size=4)
    assert drawn(name) == expected.tolist()
    if len(name) == 1:
        assert drawn(name) == np.random.default_rng(name[0]).integers(1000, size=4).tolist()


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=3), st.integers(1, 2**31))
def test_trailing_zeros_alone_do_not_name_another_stream(name: list[int], last: int) -> None:
    assert drawn([*name, 0]) == drawn(name)
    assert drawn([*name, last], 16) != drawn(name, 16)


def test_a_name_is_made_of_integers_from_0() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        generator(3, -1)


def test_a_world_has_the_seed_that_its_record_holds() -> None:
    assert world_seed((7, 3, 1)) == (7, 3, 1, 0)
    assert all(type(part) is int for part in world_seed((7, 3, 1)))


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (lambda: draw_seed(generator(7)), 2029167941),
        (lambda: draw_seed(generator(7), bits=30), 1014583970),
        (lambda: request_seed(12345, 3, 1), 1607619099),
        (lambda: request_seed(2**30 - 1, 24, 3), 1072744248),
        (lambda: seed_of(b"banking"), 3882263838),
    ],
)
def test_a_seed_is_what_it_always_was(made: Callable[[], int], value: int) -> None:
    assert made() == value


@given(st.integers(0, 2**30 - 1), st.integers(0, 23), st.integers(0, 11))
def test_a_request_has_a_seed_of_its_own(turn: int, message: int, attempt: int) -> None:
    seed = request_seed(turn, message, attempt)
    assert 0 <= seed < 2**31
    assert seed not in (request_seed(turn, message + 1, attempt), request_seed(turn, message, attempt + 1))


@given(st.integers(0, 2**32), st.lists(st.integers(), min_size=1))
def test_a_choice_takes_one_draw(seed: int, options: list[int]) -> None:
    own, other = generator(seed), generator(seed)
    assert pick(own, options) == options[int(other.integers(len(options)))]
    assert own.random() == other.random()


def test_every_option_comes_up() -> None:
    rng = generator(1)
    assert {pick(rng, "abcd") for _ in range(100)} == set("abcd")


def test_nothing_cannot_be_chosen_from() -> None:
    with pytest.raises(ValueError, match="high"):
        pick(generator(1), [])


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda each: each.__name__)
def test_no_two_purposes_share_a_number(purpose: type[DialogueStream]) -> None:
    numbers = [each.value for each in purpose.__members__.values()]
    assert len(set(numbers)) == len(numbers)


MAKERS = {"default_rng", "SeedSequence", "PCG64", "RandomState", "crc32"}


def makes_a_generator(source: str) -> bool:
    if not any(name in source for name in MAKERS):  # parsing takes far longer
        return False
    return bool(MAKERS & {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)})


def test_generators_are_made_in_one_module() -> None:
    modules = [path for package in ("fr_envs", "fr_synth") for path in (ROOT / package).rglob("*.py")]
    makers = [path.name for path in modules if makes_a_generator(path.read_text(encoding="utf-8"))]
    assert makers == ["streams.py"]
    assert makes_a_generator("import numpy as np\nnp.random.default_rng([3, 1])")
