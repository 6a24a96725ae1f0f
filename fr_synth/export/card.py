"""The card of a data set: ``README.md`` with the header that the Hub reads; the folder loads and uploads as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml
from typing_extensions import override

from fr_synth.export.overlap import shipped_benchmarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.json_values import JsonObject
    from fr_synth.export.figures import Figures
    from fr_synth.export.formats.format import Format
    from fr_synth.export.options import ExportOptions
    from fr_synth.export.writing import WrittenFile

__all__ = ["Card", "card_text", "licence_of", "name_of"]

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MOST_TOOLS = 20  # that are listed


class Card(NamedTuple):
    """What a card tells of.

    Attributes:
        form: Format of the rows.
        options: What was asked for.
        figures: What was written.
        files: The data files.
        held_out: Tools that the first split never calls.
        run: What the run is, as its manifest says; empty where that is not known.
        version: Version of the package.
    """

    form: Format
    options: ExportOptions
    figures: Figures
    files: tuple[WrittenFile, ...]
    held_out: tuple[str, ...]
    run: JsonObject
    version: str


def name_of(card: Card) -> str:
    """Return the name of the data set."""
    return card.options.name or f"FunReason dialogues ({card.form.name})"


def licence_of(card: Card) -> str:
    """Return the licence: what was asked for; that of the package for its own words; else ``other``."""
    own = set(card.figures.by["teacher"]) <= {"scripted"}
    return card.options.licence or ("apache-2.0" if own else "other")


def card_text(card: Card) -> str:
    """Return ``README.md``."""
    head = yaml.dump(_header(card), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    body = "\n\n".join(part for part in _sections(card) if part)
    return f"---\n{head}---\n\n{body}\n"


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, which every reader of headers takes."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True


def _header(card: Card) -> JsonObject:
    rows = card.figures.by["rows"].total()
    header: JsonObject = {"pretty_name": name_of(card), "language": ["en"], "license": licence_of(card)}
    if header["license"] == "other":
        header["license_name"] = "see-licence-section"
    return header | {
        "task_categories": ["text-generation"],
        "tags": ["function-calling", "tool-use", "agent", "reasoning", "multi-turn", "synthetic", "funreason"],
        "size_categories": [next((name for most, name in _SIZES if rows < most), "n>1M")],
        "configs": _configs(card.files),
        **_features(card),
    }


def _features(card: Card) -> JsonObject:
    """Return the types of columns for rows that do not all have the same, from which a reader could not tell."""
    if card.form.features is None:
        return {}
    return {"dataset_info": [{"config_name": "default", "features": card.form.features(card.figures.longest)}]}


def _configs(files: Iterable[WrittenFile]) -> list[JsonObject]:
    """Return a configuration a kind of row, with a pattern a split."""
    patterns: dict[str, dict[str, str]] = {}
    for file in files:
        folder = "/".join(each for each in ("data", file.part) if each)
        suffix = file.path[file.path.index(".") :]
        patterns.setdefault(file.part or "default", {})[file.split] = f"{folder}/{file.split}-*{suffix}"
    return [
        {
            "config_name": name,
            **({"default": True} if number == 0 else {}),
            "data_files": [{"split": split, "path": path} for split, path in splits.items()],
        }
        for number, (name, splits) in enumerate(patterns.items())
    ]


def _sections(card: Card) -> Iterator[str]:
    totals = card.figures.totals
    yield f"# {name_of(card)}"
    yield (
        "Multi-turn dialogues in which an assistant with tools does what a user asks for, in simulated worlds that "
        "keep state. Every call was executed, and every value in it has a source. "
        f"{totals['proven']:,} of {totals['records']:,} records passed all proofs of the FunReason that made them.\n\n"
        f"Format `{card.form.name}`: {card.form.summary}."
    )
    yield f"## How to load it\n\n```\n{card.form.usage}\n```"
    yield f"## What is in it\n\n{_table(_counts(card))}"
    yield _table(_by_split(card))
    for title, key in (("World", "domain"), ("Kind of turn", "kind"), ("Tool called", "tool")):
        yield _ranking(title, card.figures.by[key])
    yield f"## Where it comes from\n\n{_provenance(card)}"
    yield f"## Splits\n\n{_splits(card)}"
    yield f"## Decontamination\n\n{_overlap(card)}"
    yield f"## Licence\n\n{_licence(card)}"
    yield f"## Limits\n\n{_limits(card)}"


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    head, *rest = rows
    lines = [head, tuple("---" for _ in head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _counts(card: Card) -> Iterator[tuple[str, str]]:
    totals = card.figures.totals
    yield "", "number"
    for name, key in (
        ("records", "records"), ("turns of users", "turns"), ("messages", "messages"),
        ("messages of the assistant", "assistant_messages"), ("calls", "calls"),
        ("messages with several calls", "parallel"), ("calls that fail, with a way on", "failed_calls"),
        ("characters of thinking", "thinking_characters"),
    ):  # fmt: skip
        yield name, f"{totals[key]:,}"
    yield "tools called", f"{len(card.figures.by['tool']):,}"
    yield "tools offered", f"{sum(map(len, card.figures.tools.values())):,}"


def _by_split(card: Card) -> Iterator[tuple[str, ...]]:
    by = card.figures.by
    yield "split", "records", "rows", "left out as too long", "bytes"
    for split in card.options.splits:
        size = sum(file.size for file in card.files if file.split == split)
        yield split, f"{by['records'][split]:,}", f"{by['rows'][split]:,}", f"{by['left_out'][split]:,}", f"{size:,}"


def _ranking(title: str, counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    rows = [(title, "number"), *((f"`{name}`", f"{number:,}") for name, number in ranked[:_MOST_TOOLS])]
    more = len(ranked) - _MOST_TOOLS
    return _table(rows) + (f"\n\nand {more} more" if more > 0 else "")


def _provenance(card: Card) -> str:
    config: JsonObject = card.run.get("config", {})
    lines = [f"- made with FunReason {card.version}, records of version {card.run.get('record_version', '3')}"]
    lines += [f"- words by `{name}`: {number:,} records" for name, number in sorted(card.figures.by["teacher"].items())]
    versions = card.run.get("domain_versions", {})
    lines += [f"- world `{name}`, version {versions[name]}" for name in sorted(versions)]
    told = {key: config[key] for key in ("seed", "turns", "calls", "scale", "policy", "targets") if key in config}
    lines += [f"- `{key}`: {value}" for key, value in told.items()]
    asked = {key: value for key, value in card.options.to_json().items() if value not in (None, "", False, 0)}
    lines += ["- exported with " + ", ".join(f"`{key}` {value}" for key, value in asked.items())]
    return "\n".join(lines)


def _splits(card: Card) -> str:
    if len(card.options.splits) == 1:
        return "One split."
    first = next(iter(card.options.splits))
    apart = "Records of one situation, or of one first state of a world, are in one split, with all their rows."
    if not card.held_out:
        return f"{apart} No tool is held out: there are too few records in which one could be."
    tools = ", ".join(f"`{name}`" for name in card.held_out)
    return f"{apart} Tools that `{first}` offers and never calls: {tools}."


def _overlap(card: Card) -> str:
    """Return what the records share with public benchmarks."""
    names = {name for tools in card.figures.tools.values() for name in tools}
    rows = [("benchmark", "texts of its users", "records that share 13 words", "tools of the same name")]
    for each in shipped_benchmarks():
        same = sorted(name for name in names if each.has_tool(name))
        told = ", ".join(f"`{name}`" for name in same[:_MOST_TOOLS]) + (" …" if len(same) > _MOST_TOOLS else "")
        shared = f"{card.figures.by['shared'][each.name]:,} of {card.figures.totals['records']:,}"
        rows.append(
            (f"{each.name} ({each.source})", f"{each.texts:,}", shared, f"{len(same)}: {told}" if same else "0")
        )
    about = (
        "Messages of users were looked up, by hashes of every thirteen words in a row (shorter ones of at least six "
        "words as a whole), among those of public benchmarks. Names of common operations are shared, tools are not."
    )
    return f"{about}\n\n{_table(rows)}"


def _licence(card: Card) -> str:
    named = f"`{licence_of(card)}`."
    if licence_of(card) != "other":
        return f"{named} People, companies, accounts and files in it are made up."
    teachers = ", ".join(f"`{name}`" for name in sorted(card.figures.by["teacher"]))
    return f"{named} The words come from {teachers}: the terms of those models apply to what they wrote."


def _limits(card: Card) -> str:
    lines = [
        "- English only. The worlds are simulations with made-up data and simpler rules than those of real services.",
        "- What no code can decide (a false statement that names no value, status or act) is not proven.",
    ]
    if set(card.figures.by["teacher"]) <= {"scripted"}:
        lines.append("- The words come from templates: right and varied, and less so than those of people.")
    if card.options.max_tokens:
        by = f"the tokenizer in `{card.options.tokenizer}`" if card.options.tokenizer else "an estimate from characters"
        lines.append(
            f"- Rows of more than {card.options.max_tokens:,} tokens, by {by}, were left out: long ones are missing."
        )
    return "\n".join(lines)
