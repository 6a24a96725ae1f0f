"""How many lies get through: ordinary records in which one value or one claim in words is altered, proven again.

    python -m tests.fr_synth.verify.claims.measure_lies --seed 7001 --seed 7002 --dialogues 30 --lies 1000

Records are made as a run makes them. In each a place is drawn, and in it a kind of lie told, by turns of kinds. With
``--model`` the record is held to be in a model's words, so that nothing counts on the wordings of situations; with
``--reworded`` its texts are first put into other words, and it is told how many of those fall, which are as true as
before. Each lie that no proof notices is printed. The code is 1 where a lie in a value gets through, or more than 2 %
of those in words.
"""

from __future__ import annotations

import argparse
import collections
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from fr_envs.world.registry import load_domain
from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.trace.rows import decode
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS
from tests.fr_synth.verify.claims import further_lies, lies, sly_lies
from tests.fr_synth.verify.claims.rewording import in_other_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_synth.verify.evidence import Evidence

FIRST = ("claims", "faithful", "text", "kinds", "goals", "unambiguous", "hidden", "macro")
_WORDS = 0.02  # share of lies in words that may get through


class Kind(NamedTuple):
    """A kind of lie: its group, what tells it, and whose texts it fits."""

    group: str
    tell: Callable[..., str | None]
    voice: str


KINDS = tuple(
    dict.fromkeys([
        *(Kind("values", tell, "reply") for tell in (*lies.VALUE_LIES, *further_lies.FURTHER_VALUES)),
        *(Kind("values", tell, "thought") for tell in further_lies.ANY_VOICE),
        *(Kind("words", tell, "reply") for tell in (*lies.WORD_LIES, *further_lies.FURTHER_WORDS)),
        *(Kind("words", tell, "thought") for tell in (*lies.THOUGHT_LIES, *further_lies.FURTHER_WORDS)),
        *(Kind("words", tell, "user") for tell in lies.USER_LIES),
        *(Kind("values", tell, voice) for tell in sly_lies.SLY_VALUES for voice in ("reply", "thought")),
        *(Kind("words", tell, "reply") for tell in sly_lies.SLY_WORDS),
    ])
)  # fmt: skip


class Told(NamedTuple):
    """A lie that was told: its kind, the record, what stood there, what stands there now, and whether it is noticed."""

    kind: Kind
    record: str
    before: str
    after: str
    noticed: bool


def records(seed: int, count: int, worlds: Sequence[str]) -> Iterator[Evidence]:
    """Iterate over the records of a run, each with its replay."""
    config = RunConfig(domains=tuple(worlds), seed=seed).checked()
    for number in range(count):
        made = make_index(config, number)
        if made.lines is not None:
            dialogue = decode(made.lines, f"record {number}")
            yield gather(dialogue, load_domain(dialogue.domain))


def is_noticed(evidence: Evidence) -> bool:
    """Return True if some proof has something against a record whose calls are as they were."""
    names = (*FIRST, *(name for name in PROOFS if name not in FIRST))
    return any(next(iter(PROOFS[name](evidence)), None) is not None for name in names)


def _voice(place: lies.Place) -> str:
    if place.key == "reasoning_content":
        return "thought"
    return "user" if place.dialogue.messages[place.message]["role"] == "user" else "reply"


def told(kinds: Sequence[Kind], found: Sequence[Evidence], wanted: int, seed: int) -> Iterator[Told]:
    """Tell lies by turns of kinds, each in a record and a place drawn anew, and say which are noticed."""
    rng = np.random.default_rng(seed)
    places = {id(each): list(lies.places(each.dialogue, each.domain)) for each in found}
    seen: set[tuple[str, str]] = set()
    count = 0
    for turn in range(40 * wanted):
        if count == wanted:
            return
        kind = kinds[turn % len(kinds)]
        evidence = found[int(rng.integers(len(found)))]
        fitting = [place for place in places[id(evidence)] if _voice(place) == kind.voice]
        place = fitting[int(rng.integers(len(fitting)))] if fitting else None
        text = None if place is None else kind.tell(place, rng)
        if place is None or text is None or text == place.text or (evidence.dialogue.id, text) in seen:
            continue
        seen.add((evidence.dialogue.id, text))
        count += 1
        spoilt = evidence._replace(dialogue=lies.with_text(place, text))
        yield Told(kind, evidence.dialogue.id, place.text, text, is_noticed(spoilt))


def _in_other_words(evidence: Evidence) -> Evidence:
    return evidence._replace(dialogue=msgspec.structs.replace(evidence.dialogue, teacher="openai:model"))


def _reworded(found: Sequence[Evidence]) -> list[Evidence]:
    """Return records in other words, and tell how many of their texts fall for that though they are as true."""
    whole, fallen, anew = 0, [], []
    for evidence in found:
        kept = evidence
        for place in list(lies.places(evidence.dialogue, evidence.domain)):
            text = in_other_words(place.text)
            if _voice(place) == "user" or text == place.text:
                continue
            whole += 1
            problem = next(claims(evidence._replace(dialogue=lies.with_text(place, text))), "")
            if problem:
                fallen.append(f"  {evidence.dialogue.id}: {problem}\n    = {text}\n")
            else:
                kept = kept._replace(dialogue=lies.with_text(place._replace(dialogue=kept.dialogue), text))
        anew.append(kept)
    sys.stdout.write(f"honest: {len(fallen)} of {whole} texts in other words fall\n{''.join(fallen)}")
    return anew


def report(group: str, all_told: Sequence[Told]) -> str:
    """Return the figures of a group, and each of its lies that got through."""
    mine = [each for each in all_told if each.kind.group == group]
    slipped = [each for each in mine if not each.noticed]
    by = collections.Counter(f"{each.kind.tell.__name__} in a {each.kind.voice}" for each in slipped)
    lines = [f"{group}: {len(slipped)} of {len(mine)} get through ({100 * len(slipped) / max(len(mine), 1):.1f} %)"]
    lines += [f"    {count} {name}" for name, count in by.most_common()]
    for each in slipped:
        lines += [
            f"  {each.kind.tell.__name__} in a {each.kind.voice}, {each.record}",
            f"    - {each.before}",
            f"    + {each.after}",
        ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 where more lies get through than may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, action="append", help="of a run; may be repeated (default: 7001)")
    parser.add_argument("--dialogues", type=int, default=30, help="records of each run (default: 30)")
    parser.add_argument("--lies", type=int, default=1000, help="lies to tell in all (default: 1000)")
    parser.add_argument("--domain", action="append", help="world; may be repeated (default: the three)")
    parser.add_argument("--model", action="store_true", help="hold the records to be in a model's words")
    parser.add_argument("--reworded", action="store_true", help="put the texts into other words first")
    parser.add_argument("--group", choices=["values", "words"], help="tell only these (default: both)")
    options = parser.parse_args(arguments)
    worlds = options.domain or ["banking", "filesystem", "travel"]
    found: list[Any] = []
    for seed in options.seed or [7001]:
        found += records(seed, options.dialogues, worlds)
    if options.model:
        made = [_in_other_words(each) for each in found]
        found = [each for each in made if not is_noticed(each)]
        sys.stdout.write(f"{len(made) - len(found)} of {len(made)} fall as they are\n")
    if options.reworded:
        found = [each for each in _reworded(found) if not is_noticed(each)]
    kinds = [kind for kind in KINDS if options.group in (None, kind.group)]
    all_told = list(told(kinds, found, options.lies, (options.seed or [7001])[0]))
    sys.stdout.write(f"{len(found)} records, {len(all_told)} lies\n")
    bad = False
    for group in ("values", "words"):
        sys.stdout.write(report(group, all_told) + "\n")
        mine = [each for each in all_told if each.kind.group == group]
        slipped = sum(not each.noticed for each in mine)
        bad = bad or slipped > (0 if group == "values" else _WORDS * len(mine))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
