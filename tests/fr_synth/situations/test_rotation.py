"""Who comes with a situation, and in which words, when a run comes to it again.

1. Personas come in turn, neighbours in different tones; each comes once before any comes again.
2. Somebody with a tone that has come before says it in another wording, as long as there is one.
3. Without a run everything is by chance, and the same seed gives the same.
"""

from __future__ import annotations

import itertools

from fr_envs.situation.loading import load_personas, load_situations
from fr_envs.streams import generator
from fr_synth.situations.rendering import tone_of
from fr_synth.situations.rotation import Rotation, persona_for, wording_for

SITUATION = next(each for each in load_situations() if each.name == "rent_goes_up")
TURN = SITUATION.turns[0]
MANY = len(load_personas())


def coming(times: int, seed: int = 3) -> tuple[str, str, str]:
    """Return persona, tone and wording."""
    rng = generator(1)
    persona, rotation = persona_for(SITUATION, Rotation(seed, times), rng)
    return persona.name, tone_of(persona, TURN), wording_for(persona, TURN, rotation, rng)


def test_each_comes_once_before_any_comes_again() -> None:
    names = [coming(times)[0] for times in range(2 * MANY)]
    assert len(set(names[:MANY])) == MANY
    assert names[:MANY] == names[MANY:]
    assert names[:MANY] != [coming(times, seed=4)[0] for times in range(MANY)]


def test_neighbours_speak_otherwise() -> None:
    first = [coming(times) for times in range(4)]
    assert all(one[1] != other[1] for one, other in itertools.pairwise(first))


def test_a_tone_has_each_wording_once_before_any_comes_again() -> None:
    told = [coming(times)[1:] for times in range(3 * MANY)]
    for tone, wordings in TURN.say.items():
        said = [wording for own, wording in told if own == tone]
        assert len(set(said[: len(wordings)])) == min(len(wordings), len(said))


def test_nobody_meets_the_same_words_each_time_around() -> None:
    """The orders of persons and wordings are of the same length for some tones; they may not go in step."""
    said: dict[str, set[str]] = {}
    for times in range(8 * MANY):
        name, _, wording = coming(times)
        said.setdefault(name, set()).add(wording)
    assert all(len(wordings) > 1 for wordings in said.values())


def test_without_a_run_it_is_by_chance() -> None:
    one, other = (persona_for(SITUATION, None, generator(7)) for _ in range(2))
    assert one == other
    assert one[1] is None
    assert len({persona_for(SITUATION, None, generator(seed))[0].name for seed in range(30)}) > 5
    assert wording_for(one[0], TURN, None, generator(1)) in TURN.say[tone_of(one[0], TURN)]
