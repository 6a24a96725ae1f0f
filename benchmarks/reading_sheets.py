"""Sheets for blind readers: turns of a run, with turns of BFCL mixed in unmarked; and what the readers' marks come to.

    funreason synth --count 200 --seed 20260101 --out runs/read
    python benchmarks/reading_sheets.py make runs/read reading --readers 2 --dialogues 60 --same
    python benchmarks/reading_sheets.py count reading

``make`` writes ``sheet0.md``, ``sheet1.md`` … with dialogues as plain messages, nothing of what lies below them, and
``key.json``, which says what each turn is and which no reader may see. ``--each 30`` chooses dialogues so that kinds of
turn and traits come up that often over all sheets. A reader writes ``marks0.txt`` beside the sheet, a line a turn:
``D3.T2 ok``, or ``D3.T2 fail voice: "the words" - why``. ``count`` sums up first marks by reader, kind, trait and
world, and lists what failed.

BFCL's turns (``pip install --no-deps bfcl-eval mpmath filelock``) are shown with the calls of the ground truth and the
results of replaying them; it has no replies. ``--bfcl 0`` leaves them out.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bfcl_cases import Case

TRAITS = ("error", "correction", "change_of_mind", "follow_up", "long_context")
LONGEST = 900  # characters of a result on a sheet
MARK = re.compile(r"\W*(D\d+\.T\d+)\W+(ok|fail)\b\W*(.*)", re.IGNORECASE)
OTHER = "bfcl"


class Item(NamedTuple):
    """One dialogue of a sheet.

    Attributes:
        id: Of the record, or ``bfcl``.
        domain: Its world, or ``bfcl``.
        kinds: Of its turns.
        traits: Of its turns.
        tools: Names of what was offered.
        turns: The lines of each turn.
    """

    id: str
    domain: str
    kinds: tuple[str, ...]
    traits: tuple[tuple[str, ...], ...]
    tools: tuple[str, ...]
    turns: tuple[tuple[str, ...], ...]

    @property
    def labels(self) -> set[str]:
        """Kinds and traits to be counted, ``act`` left out: there are always enough."""
        traits = {trait for turn in self.traits for trait in turn if trait in TRAITS}
        return {kind for kind in self.kinds if kind != "act"} | traits


Kind = TypeVar("Kind")


def drawn(each: list[Kind], count: int, rng: np.random.Generator) -> list[Kind]:
    """Return so many of some things, all if there are fewer, in an order of their own."""
    return [each[place] for place in rng.permutation(len(each))[:count]]


def short(text: str) -> str:
    """Return a text as a sheet shows it."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


def item_of(row: dict[str, Any]) -> Item:
    """Return a row of ``dialogues.jsonl`` as a sheet shows it."""
    turns: list[list[str]] = []
    for message in row["messages"]:
        if message["role"] == "user":
            turns.append([])
        if turns:
            turns[-1] += lines_of(message)
    tools = tuple((tool.get("function") or tool)["name"] for tool in json.loads(row["tools"]))
    traits = tuple(tuple(each.split(",")) if each else () for each in row["traits"])
    return Item(row["id"], row["domain"], tuple(row["kinds"]), traits, tools, tuple(map(tuple, turns)))


def lines_of(message: dict[str, Any]) -> Iterator[str]:
    """Iterate over the lines of a message."""
    if message["role"] != "assistant":
        said = {"user": "user: ", "system": "system: ", "tool": "  result: "}[message["role"]]
        yield said + (message["content"] if message["role"] == "user" else short(message["content"]))
        return
    if message.get("reasoning_content"):
        yield f"  (thought) {message['reasoning_content']}"
    for call in message.get("tool_calls") or ():
        yield f"  call: {call['function']['name']}({json.dumps(call['function']['arguments'], ensure_ascii=False)})"
    if message["content"]:
        yield f"assistant: {message['content']}"


def bfcl_items(rng: np.random.Generator) -> Iterator[Item]:
    """Iterate over cases of BFCL's multi-turn base category, drawn at random, without end."""
    from bfcl_cases import cases

    every = list(cases("base"))
    while True:
        yield bfcl_item(every[rng.integers(len(every))])


def bfcl_item(case: Case) -> Item:
    """Return a case as a sheet shows it: its questions, with the true calls and what they give."""
    from bfcl_cases import docs_of, domain_of, parse, questions_of

    domain, turns = domain_of(case), []
    state = domain.initial(0)  # nothing is drawn in these worlds
    for said, calls in zip(questions_of(case), case.calls, strict=True):
        lines = [f"user: {text}" for text in said]
        for call in (parse(text, case) for text in calls):
            outcome = domain.apply(state, call)
            state = outcome.state
            given = json.dumps(dict(call.arguments), ensure_ascii=False, default=str)
            told = json.dumps(outcome.value, default=str) if outcome.error is None else outcome.error.message
            lines += [f"  call: {call.name}({given})", f"  result: {short(told)}"]
        turns.append((*lines, "assistant: (reply not shown)"))
    tools = sorted({doc["name"] for name in case.classes for doc in docs_of(name)})
    blank = ((),) * len(turns)
    return Item(OTHER, OTHER, (OTHER,) * len(turns), blank, tuple(tools[:24]), tuple(turns))


def evenly(items: list[Item], count: int, rng: np.random.Generator) -> list[Item]:
    """Return so many dialogues, the same number of each world."""
    by = collections.defaultdict(list)
    for item in items:
        by[item.domain].append(item)
    share = -(-count // len(by))
    return [item for each in by.values() for item in drawn(each, share, rng)]


def with_each(items: list[Item], count: int, each: int, rng: np.random.Generator) -> list[Item]:
    """Return so many dialogues in which every kind and trait comes up ``each`` times, if the run has them."""
    left, chosen = drawn(items, len(items), rng), list[Item]()
    seen, worlds = collections.Counter[str](), collections.Counter[str]()
    while left and len(chosen) < count:
        best = max(
            left[:400],
            key=lambda item: (
                sum(max(0, each - seen[label]) for label in item.labels) / (1 + 0.2 * len(item.turns))
                - worlds[item.domain]
            ),
        )
        left.remove(best)
        chosen.append(best)
        seen.update(best.labels)
        worlds[best.domain] += 1
    return drawn(chosen, len(chosen), rng)


def sheet_of(items: Iterable[Item], policies: dict[str, str]) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the text of a sheet, and what each of its turns is."""
    shown, key = ["# Rules of the worlds (the assistant knows them)"], dict[str, dict[str, Any]]()
    kept = list(items)
    for domain in sorted({item.domain for item in kept} - {OTHER}):
        shown.append(f"### {domain}\n{policies[domain]}")
    shown.append("# Dialogues")
    for number, item in enumerate(kept, 1):
        parts = [f"## D{number}\ntools: {', '.join(item.tools)}"]
        for place, lines in enumerate(item.turns, 1):
            label = f"D{number}.T{place}"
            parts.append("\n".join((f"### {label}", *lines)))
            key[label] = {"id": item.id, "domain": item.domain, "kind": item.kinds[place - 1]}
            key[label]["traits"] = list(item.traits[place - 1])
        shown.append("\n\n".join(parts))
    return "\n\n".join(shown) + "\n", key


def make(options: argparse.Namespace) -> None:
    """Write the sheets and the key."""
    rng, out = np.random.default_rng(options.seed), Path(options.out)
    rows = [json.loads(line) for line in _text(Path(options.run, "dialogues.jsonl")).splitlines()]
    policies = {row["domain"]: row["messages"][0]["content"] for row in rows}
    items = [item_of(row) for row in rows]
    count = options.dialogues * (1 if options.same else options.readers)
    chosen = with_each(items, count, options.each, rng) if options.each else evenly(items, count, rng)
    others = bfcl_items(rng) if options.bfcl else iter(())
    out.mkdir(parents=True, exist_ok=True)
    key: dict[str, dict[str, dict[str, Any]]] = {}
    for reader in range(options.readers):
        first = 0 if options.same else reader * options.dialogues
        mine = drawn(chosen[first : first + options.dialogues], options.dialogues, rng)
        turns = 0
        while turns < options.bfcl:
            other = next(others)
            turns += len(other.turns)
            mine.insert(int(rng.integers(len(mine) + 1)), other)
        text, key[str(reader)] = sheet_of(mine, policies)
        (out / f"sheet{reader}.md").write_text(text, encoding="utf-8")
    (out / "key.json").write_text(json.dumps(key), encoding="utf-8")
    sys.stdout.write(f"wrote {options.readers} sheets to {out}; marks go to marks0.txt, marks1.txt … beside them\n")


def _text(path: Path) -> str:
    """Return what a file holds; one that cannot be read ends the command with a line."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"reading_sheets.py: {path}: {error.strerror or error}\n")
        raise SystemExit(2) from error


def marks_in(text: str) -> dict[str, tuple[bool, str]]:
    """Return the first mark of each turn, and what was said of it."""
    marks: dict[str, tuple[bool, str]] = {}
    for found in filter(None, map(MARK.match, text.splitlines())):
        marks.setdefault(found[1], (found[2].lower() == "ok", found[3].strip()))
    return marks


def count(options: argparse.Namespace) -> None:
    """Print what the marks come to."""
    folder = Path(options.folder)
    key = json.loads(_text(folder / "key.json"))
    good, every = collections.Counter[str](), collections.Counter[str]()
    failed = []
    for reader, turns in key.items():
        path = folder / f"marks{reader}.txt"
        marks = marks_in(path.read_text(encoding="utf-8")) if path.exists() else {}
        for label, turn in turns.items():
            if label not in marks:
                continue
            right, why = marks[label]
            ours = "bfcl" if turn["kind"] == OTHER else "ours"
            for name in {f"reader {reader}, {ours}", turn["domain"], turn["kind"], *turn["traits"]}:
                every[name] += 1
                good[name] += right
            if not right and ours == "ours":
                failed.append(f"{turn['id']} {label} {turn['kind']}: {why}")
        sys.stdout.write(f"reader {reader}: {len(turns.keys() - marks.keys())} turns without a mark\n")
    for name in sorted(every):
        sys.stdout.write(f"{name:24}{good[name]:5} of {every[name]:5}{100 * good[name] / every[name]:8.1f} %\n")
    sys.stdout.write("".join(f"{line}\n" for line in sorted(failed)))


def main() -> None:
    """Write sheets, or count marks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make", help="write sheets")
    making.add_argument("run", help="run folder")
    making.add_argument("out", help="folder of the sheets")
    making.add_argument("--readers", type=int, default=2, help="sheets (default: 2)")
    making.add_argument("--dialogues", type=int, default=60, help="dialogues on a sheet (default: 60)")
    making.add_argument("--same", action="store_true", help="the same dialogues on every sheet")
    making.add_argument("--each", type=int, default=0, help="turns wanted of each kind and trait over all sheets")
    making.add_argument("--bfcl", type=int, default=20, help="least turns of BFCL on a sheet (default: 20)")
    making.add_argument("--seed", type=int, default=0, help="of what is drawn (default: 0)")
    making.set_defaults(run_it=make)
    counting = commands.add_parser("count", help="sum up marks")
    counting.add_argument("folder", help="folder of the sheets")
    counting.set_defaults(run_it=count)
    options = parser.parse_args()
    options.run_it(options)


if __name__ == "__main__":
    main()
