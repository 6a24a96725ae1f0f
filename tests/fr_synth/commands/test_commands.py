"""The command line, as a person meets it.

1. A mistake costs one line that says what is wrong and what to do, and the exit code 2; no traceback, ever.
2. `--json` is JSON and nothing else; without a terminal there are no colours and nothing is folded.
3. `--help` is there at once, whatever it costs to import the worlds.
4. A reader who goes away (`| head -1`) is no error.
"""

from __future__ import annotations

import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import pytest

import env_specs
from fr_envs import load_domain, load_spec
from fr_envs.contract.loading import spec_from_dict
from fr_envs.episode.task import Answer, Goal
from fr_envs.graph.api_graph import ApiGraph, Edge
from fr_envs.graph.witness import Proof, Unproven, Witness, read_proofs, shipped
from fr_envs.search.witnesses import search_witnesses
from fr_synth.cli import main
from fr_synth.commands import COMMANDS
from fr_synth.commands.graph import searched
from fr_synth.commands.graph_text import as_json, of_tool, summary
from fr_synth.commands.reading import PageLine, brief, pages
from fr_synth.evaluate.ablation import FIGURES, ablate
from fr_synth.evaluate.ablation import as_json as as_plain
from fr_synth.run.coverage import coverage_of
from fr_synth.run.folder.journal import FILES, read_dialogues
from fr_synth.sample.reaching.reach import POLICIES
from fr_synth.trace.dataflow.provenance import Default, Derived, Said
from fr_synth.trace.failed_attempt import FailedAttempt
from tests import processes
from tests.fr_envs.small_world import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.json_values import Json
    from fr_synth.commands.base import Command
    from fr_synth.trace.records import Dialogue

ROOT = Path(__file__).parents[3]


Run: TypeAlias = Callable[[str], tuple[int, str, str]]
"""Types a command; exit code, standard output, standard error."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(words: str) -> tuple[int, str, str]:
        try:
            code = main(words.split())
        except SystemExit as exit_of_argparse:
            code = int(exit_of_argparse.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def text_of(lines: Iterable[PageLine]) -> str:
    return "\n".join(" " * line.indent + "".join(text for text, _ in line.pieces) for line in lines)


def first_of(run_folder: Path) -> Dialogue:
    return next(read_dialogues(run_folder))


# ------------------------------------------------------------------------------------------------------ mistakes

MISTAKES = [
    ("synth --out {tmp}/x --domain nowhere", "no world 'nowhere'; there are banking, filesystem, travel"),
    ("synth --out {tmp}/x --domain filesystem --count 0", "count 0: give at least 1"),
    ("synth --out {tmp}/x --domain filesystem --workers -1", "workers -1: give at least 1"),
    ("synth --out {tmp}/x --domain filesystem --turns 3-2", "turns 3-2: give LEAST-MOST"),
    ("synth --out {tmp}/x --domain filesystem --scale huge", "no scale 'huge'; there are tiny, small, medium, large"),
    ("synth --out {tmp}/x --domain filesystem --policy best", "no policy 'best'"),
    ("synth --out {tmp}/x --domain filesystem --seed -4", "seed -4: give an integer from 0"),
    ("synth --out {tmp}/x --domain filesystem --teacher magic", "no teacher 'magic'"),
    ("synth --out {run} --domain filesystem", "{run} holds another run; give another --out, or --resume"),
    (
        "synth --out {run} --domain filesystem --resume",
        '{run} holds a run with another --scale ("tiny" there, "small" here), another --seed',
    ),
    ("synth --out {tmp} --domain filesystem", "{tmp} is not empty and holds no run; give another --out"),
    ("verify {tmp}/nothing", "{tmp}/nothing holds no dialogues.jsonl; give a run folder with dialogues.jsonl"),
    ("show {tmp}/nothing", "{tmp}/nothing holds no dialogues.jsonl; give a run folder with dialogues.jsonl"),
    ("show {run} 12", "{run} has no record 12; there are 12, from 0"),
    ("show {run} -13", "{run} has no record -13; there are 12, from 0"),
    ("show {run} travel-000000", "{run} has no record travel-000000; there are 12, from 0"),
    ("show {tmp}/empty/dialogues.jsonl", "{tmp}/empty/dialogues.jsonl has no record 0; it is empty as yet"),
    (
        "show {tmp}/future",
        "{tmp}/future/dialogues.jsonl:1: a record of version 99, and this reads version 3; use the release",
    ),
    ("show {tmp}/broken", "{tmp}/broken/dialogues.jsonl:1: no JSON: "),
    ("show {tmp}/broken filesystem-000001", "{tmp}/broken/dialogues.jsonl:1: no JSON: "),
    ("envs nowhere", "no world 'nowhere'; there are banking"),
    ("graph nowhere", "no world 'nowhere'; there are banking"),
    ("graph filesystem --tool nothing", "no tool 'nothing'; there are pwd"),
    ("graph filesystem --tool no --witnesses", "no tool 'no'; there are pwd"),
    ("graph filesystem --tool ls --format svg", "--tool is text about one tool; leave --format"),
    ("graph filesystem --format mermaid --run {run}", "mermaid has no place for --witnesses or --run"),
    ("graph travel --run {run}", "{run} has no record in the world travel"),
    ("graph filesystem --format mermaid --forbidden", "mermaid draws what is an edge; take text or json"),
    ("graph filesystem --html {tmp}/a.html --out {tmp}/b.html", "--html names format and file by itself"),
    ("graph filesystem --html {tmp}/a.html --tool ls", "--tool is text about one tool"),
    ("graph filesystem --keep {tmp}/kept.json", "--keep writes what a search has found; add --search"),
    ("ablate --domain nowhere", "no world 'nowhere'; there are banking"),
    ("ablate --domain filesystem --samples 0", "samples 0: give at least 1"),
    (
        "ablate --domain filesystem --plot {tmp}/a.png",
        "{tmp}/a.png: the figures are drawn as SVG; give a name that ends",
    ),
    ("ablate --domain filesystem --domain banking", "2 worlds: the samplers are compared in one at a time"),
    ("graph filesystem --out {tmp}/g.png", "{tmp}/g.png: nothing is written as .png; take .txt, .json"),
    ("graph filesystem --out {tmp}/g.svg --format html", "{tmp}/g.svg has the name of svg and --format says html"),
    ("ablate --domain filesystem --seed -1", "seed -1: give an integer from 0"),
    ("ablate --domain filesystem --samples 2 --plot {tmp}/no/a.svg", "{tmp}/no/a.svg: No such file or directory"),
    ("graph filesystem --out {tmp}/no/where.svg", "{tmp}/no/where.svg: No such file or directory"),
    ("spec export nowhere", "no world 'nowhere'; there are banking"),
    ("spec export {tmp}/nowhere.yaml", "{tmp}/nowhere.yaml: /: cannot be read"),
    ("spec record-schema --out /dev/full", "/dev/full: No space left on device"),
    ("rollouts --tasks {tmp}/nothing --agent idle --out {tmp}/r", "{tmp}/nothing holds no tasks.jsonl"),
    (
        "rollouts --tasks {run} --agent nobody --out {tmp}/r",
        "no agent 'nobody'; there are oracle, random, idle and openai",
    ),
    ("rollouts --tasks {run} --agent idle --base-url http://x --out {tmp}/r", "agent 'idle' asks no endpoint"),
    ("rollouts --tasks {run} --agent idle --count 0 --out {tmp}/r", "count 0: give at least 1"),
    ("rollouts --tasks {run} --agent idle --seed -1 --out {tmp}/r", "seed -1: give an integer from 0"),
    ("rollouts --tasks {run} --agent idle --max-steps 0 --out {tmp}/r", "max-steps 0: give at least 1"),
    ("rollouts --tasks {run} --agent idle --out {tmp}/empty.jsonl", "{tmp}/empty.jsonl is there already; give another"),
    ("rollouts --tasks {tmp}/empty.jsonl --agent idle --out {tmp}/r", "{tmp}/empty.jsonl has no task to play as yet"),
    ("rollouts --tasks {run} --agent idle --overwrite --out /dev/full", "/dev/full: No space left on device"),
    ("rollouts --tasks {run} --agent idle --out {tmp}/no/r", "{tmp}/no/r: No such file or directory"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_a_mistake_costs_one_line(words: str, said: str, run: Run, run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    firsts = [(run_folder / name).read_bytes().splitlines(keepends=True)[0] for name in FILES]
    for folder, spoilt in (
        ("empty", [b"", b"", b""]),
        ("future", [*firsts[:2], firsts[2].replace(b'"version":3', b'"version":99')]),
        ("broken", [firsts[0][:300] + b"\n", *firsts[1:]]),
    ):
        (tmp_path / folder).mkdir()
        for name, line in zip(FILES, spoilt, strict=True):
            (tmp_path / folder / name).write_bytes(line)
    places = {"tmp": tmp_path, "run": run_folder}
    code, out, err = run(words.format(**places))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith(f"funreason: {said.format(**places)}")
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("words", ["", "nothing", "synth", "synth --out x --count many", "synth --out x --turns a-b"])
def test_a_command_that_is_none_is_explained(words: str, run: Run) -> None:
    code, out, err = run(words)
    assert (code, out) == (2, "")
    assert "usage: funreason" in err
    assert "error: " in err.splitlines()[-1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_gives_examples(command: Command, run: Run) -> None:
    code, out, _ = run(f"{command.name} --help")
    assert code == 0
    assert all(example in out for example in command.examples)
    assert all(example.startswith(f"funreason {command.name}") for example in command.examples)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_documented(command: Command) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"## `{command.name}`" in page


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import contextlib, io, sys\nfrom fr_synth.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): main(['--help'])\n"
        "print({'rich', 'openai', 'networkx', 'jsonschema', 'jinja2', 'ray'}.intersection(sys.modules))"
    )
    done = processes.run([sys.executable, "-c", code], check=True)
    assert done.stdout == "set()\n"


# -------------------------------------------------------------------------------------------------------- output


@pytest.mark.parametrize(
    "words",
    ["verify {run} --json", "show {run} 3 --json", "envs --json", "envs travel --json", "graph travel --format json",
     "graph filesystem --format json --run {run}", "spec export travel", "spec export filesystem --format mcp",
     "spec export filesystem --format json-schema", "spec record-schema",
     "rollouts --tasks {run} --agent idle --json --out {tmp}/r"],
)  # fmt: skip
def test_json_is_json_and_nothing_else(words: str, run: Run, run_folder: Path, tmp_path: Path) -> None:
    code, out, err = run(words.format(run=run_folder, tmp=tmp_path))
    assert (code, err) == (0, "")
    assert json.loads(out)


@pytest.mark.parametrize(
    "words",
    ["verify {run}", "show {run}", "show {run} --full", "envs", "envs travel", "graph travel", "graph banking",
     "rollouts --tasks {run} --agent oracle --out {tmp}/r"],
)  # fmt: skip
def test_without_a_terminal_there_are_no_colours(words: str, run: Run, run_folder: Path, tmp_path: Path) -> None:
    code, out, err = run(words.format(run=run_folder, tmp=tmp_path))
    assert (code, err) == (0, "")
    assert out
    assert "\x1b" not in out


def test_a_reader_who_goes_away_is_no_error(run_folder: Path) -> None:
    for words in (f"show {run_folder} --full", "graph travel", "envs travel", "spec export travel"):
        command = f"{sys.executable} -m fr_synth.cli {words} | head -1"
        done = processes.run(["bash", "-o", "pipefail", "-c", command])
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1


def test_a_terminal_without_the_characters_gets_them_spelt_out(run_folder: Path) -> None:
    command = [sys.executable, "-m", "fr_synth.cli", "show", str(run_folder)]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = processes.run(command, env=ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u2192" in done.stdout


# ---------------------------------------------------------------------------------------------------------- show


def test_show_reads_like_a_dialogue(run: Run, run_folder: Path) -> None:
    dialogue = first_of(run_folder)
    _, out, _ = run(f"show {run_folder}")
    assert out == run(f"show {run_folder} 0")[1] == run(f"show {run_folder} {dialogue.id}")[1]
    lines = out.splitlines()
    assert lines[0].startswith(f"{dialogue.id}  filesystem 1.")
    for message in dialogue.messages[1:]:
        if message["role"] in ("user", "assistant") and message["content"]:
            assert f"{message['role']:<11}{message['content'].splitlines()[0]}" in out
    for number, call in enumerate(dialogue.calls):
        assert re.search(rf"^    [ ‖] → {number} {call.name}\(", out, re.MULTILINE)
        assert re.search(rf"^      ← {number} ", out, re.MULTILINE)
    for number, turn in enumerate(dialogue.turns):
        assert f"turn {number}  {', '.join((turn.kind, *turn.traits))}, aimed at {turn.target}" in out
        assert turn.easy.splitlines()[0] in out
        assert f"{turn.advanced.name}(" in out
    assert dialogue.messages[0]["content"] not in out


def test_calls_side_by_side_are_marked(run_folder: Path) -> None:
    both = [d for d in read_dialogues(run_folder) if any(len(m.get("tool_calls", ())) > 1 for m in d.messages)]
    alone = [d for d in read_dialogues(run_folder) if d not in both]
    assert both
    assert all("‖ → " in text_of(pages(dialogue, full=False)) for dialogue in both)
    assert not any("‖" in text_of(pages(dialogue, full=False)) for dialogue in alone)


def test_full_shortens_nothing(run: Run, run_folder: Path) -> None:
    for number, dialogue in enumerate(read_dialogues(run_folder)):
        _, out, _ = run(f"show {run_folder} {number} --full")
        assert all(json.dumps(call.result, ensure_ascii=False) in out for call in dialogue.calls)
        assert dialogue.messages[0]["content"].splitlines()[0] in out


def test_numbers_from_the_end(run: Run, run_folder: Path) -> None:
    assert run(f"show {run_folder} -1") == run(f"show {run_folder} 11")
    assert run(f"show {run_folder} -12") == run(f"show {run_folder} 0")


def test_the_raw_record_is_that_of_the_file(run: Run, run_folder: Path) -> None:
    whole = json.loads(run(f"show {run_folder} 5 --json")[1])
    lines = [json.loads((run_folder / name).read_bytes().splitlines()[5]) for name in FILES]
    assert list(whole.values()) == lines


def test_what_commands_a_terminal_is_spelt_out(run_folder: Path) -> None:
    dialogue = first_of(run_folder)
    hostile = {"role": "user", "content": "red \x1b[31m, back \x08, turned \u202e, and\nnew line"}
    changed = msgspec.structs.replace(dialogue, messages=(dialogue.messages[0], hostile, *dialogue.messages[2:]))
    shown = text_of(pages(changed, full=False))
    assert r"red \x1b[31m, back \x08, turned \u202e, and" in shown
    assert "\x1b" not in shown


def test_every_form_of_provenance_and_goal_is_told(run_folder: Path) -> None:
    dialogue = first_of(run_folder)
    call, turn = dialogue.calls[0], dialogue.turns[0]
    sources = {"/a/0": Default(), "/b": Derived("sum", (Said(0, "two"), Default()))}
    goal = Goal(answers=tuple(Answer(n, f"answer {n}") for n in range(9)), mentions=("the date", "the time"))
    failed = FailedAttempt(2, ("a fault\nof two lines",))
    changed = msgspec.structs.replace(
        dialogue,
        calls=(msgspec.structs.replace(call, sources=sources), *dialogue.calls[1:]),
        turns=(msgspec.structs.replace(turn, goal=goal, failed=(failed,)), *dialogue.turns[1:]),
        proofs={},
    )
    shown = text_of(pages(changed, full=False))
    assert "a.0 ← default of the contract" in shown
    assert 'b ← sum(said in turn 0: "two"; default of the contract)' in shown
    assert 'tells "answer 0", "answer 1", "answer 2", "answer 3", "answer 4", "answer 5", … 3 more' in shown
    assert "the reply names the date or the time" in shown
    assert "critic    a fault\n            of two lines" in shown
    assert "proven: nothing" in shown
    assert '"answer 8"' in text_of(pages(changed, full=True))


def test_results_in_prose_and_refusals_are_shown(run_folder: Path) -> None:
    dialogue = first_of(run_folder)
    at = next(i for i, message in enumerate(dialogue.messages) if message["role"] == "tool")
    for content, shown in (("just text", '"just text"'), ('{"error": {"code": "ENOENT"}}', 'error={code: "ENOENT"}')):
        message = {**dialogue.messages[at], "content": content}
        messages = (*dialogue.messages[:at], message, *dialogue.messages[at + 1 :])
        lines = list(pages(msgspec.structs.replace(dialogue, messages=messages), full=False))
        line = next(line for line in lines if line.pieces and line.pieces[0][0] == "  ← ")
        assert line.pieces[2] == (shown, "red" if "error" in content else "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a" * 100, '"' + "a" * 100 + '"'),
        ("a" * 101, '"' + "a" * 50 + '…" (101 characters)'),
        ([1, 2, 3, 4, 5], "[1, 2, 3, … 2 more]"),
        ({"a": None, "b": [True]}, "{a: null, b: [true]}"),
        (1.5, "1.5"),
    ],
)
def test_values_are_shortened(value: Json, shown: str) -> None:
    assert brief(value) == shown


def test_a_terminal_gets_colours_and_columns(run_folder: Path) -> None:
    code = (
        "import os, pty, sys\n"
        "os.environ.update(TERM='xterm', COLUMNS='60'); os.environ.pop('NO_COLOR', None)\n"
        "done = pty.spawn([sys.executable, '-m', 'fr_synth.cli', 'show', sys.argv[1]])\n"
        "sys.exit(os.waitstatus_to_exitcode(done))"
    )
    command = [sys.executable, "-c", code, str(run_folder)]
    done = processes.run(command, check=True)
    assert "\x1b[1;32muser" in done.stdout
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in done.stdout.splitlines()]
    assert max(map(len, plain)) <= 60
    user = next(number for number, line in enumerate(plain) if line.startswith("user "))
    assert plain[user + 1].startswith(" " * 11)


# ---------------------------------------------------------------------------------------------------------- envs


def test_the_worlds_are_listed(run: Run) -> None:
    worlds = json.loads(run("envs --json")[1])
    _, out, _ = run("envs")
    assert [world["name"] for world in worlds] == list(env_specs.names())
    for world in worlds:
        spec = load_spec(world["name"])
        assert (world["id"], world["tools"], world["version"]) == (spec.id, len(spec.tools), spec.version)
        assert f"{world['tools']} tools, {world['kinds']} kinds, {world['facts']} facts" in out
        assert world["data_edges"] > 100
        assert spec.summary in out


def test_the_tools_of_a_world_are_listed(run: Run) -> None:
    listed = json.loads(run("envs filesystem --json")[1])["tool_list"]
    _, out, _ = run("envs filesystem")
    assert [tool["name"] for tool in listed] == list(load_spec("filesystem").tools)
    assert all(f"{tool['name']}({', '.join(tool['parameters'])})" in out for tool in listed)
    assert "write chown(path, owner" in out
    assert "needs privileged" in out


# --------------------------------------------------------------------------------------------------------- graph


def test_what_roles_forbid_is_told_on_request(run: Run) -> None:
    forbidden = "get_invoice gives date at /date, move_stay takes it as /check_in: an invoice date is no stay start"
    assert forbidden in run("graph travel --forbidden")[1]
    assert forbidden not in run("graph travel")[1]
    told = json.loads(run("graph travel --forbidden --format json")[1])
    (found,) = [e for e in told["forbidden"] if (e["source"], e["target"]) == ("get_invoice", "move_stay")]
    assert found["because"] == "an invoice date is no stay start, and no flow joins the two"
    assert "forbidden" not in json.loads(run("graph travel --format json")[1])
    assert "forbidden by roles: none" in run("graph filesystem --tool rmdir --forbidden")[1]


def test_a_graph_is_told_in_words(run: Run) -> None:
    _, out, _ = run("graph filesystem")
    spec = load_spec("filesystem")
    assert f"{len(spec.tools)} tools: " in out
    assert f"{len(ApiGraph(spec).edges())} edges between " in out
    layers = out.split("tools by the number of calls that must come before")[1].split("\n\n")[0]
    assert {word.strip(",") for word in layers.split()} >= set(spec.tools)
    assert "file_path (named): " in out
    assert re.search(r"privileged: \d+ tools need it", out)


@pytest.mark.parametrize("name", ["mermaid", "graphml", "svg", "html"])
def test_a_graph_is_drawn(name: str, run: Run, run_folder: Path, tmp_path: Path) -> None:
    from fr_envs.graph import drawing

    file = tmp_path / "graph"
    code, out, err = run(f"graph filesystem --format {name} --out {file}")
    assert (code, out, err) == (0, "", f"wrote {file}\n")
    graph = ApiGraph(load_spec("filesystem"))
    assert file.read_text(encoding="utf-8") == getattr(drawing, name)(graph)
    if name in ("svg", "html"):
        run(f"graph filesystem --format {name} --run {run_folder} --out {file} --overwrite")
        used = coverage_of(graph, read_dialogues(run_folder))
        assert file.read_text(encoding="utf-8") == getattr(drawing, name)(graph, used)


def test_a_page_of_a_run_is_written_in_short(run: Run, run_folder: Path, tmp_path: Path) -> None:
    for number, way in enumerate(("--format html --out", "--html")):
        assert run(f"graph filesystem --run {run_folder} {way} {tmp_path}/{number}.html")[0] == 0
    assert (tmp_path / "0.html").read_bytes() == (tmp_path / "1.html").read_bytes()


def test_one_tool_is_explained(run: Run) -> None:
    graph = ApiGraph(load_spec("travel"))
    for name in [*graph.spec.tools][::8]:
        code, out, _ = run(f"graph travel --tool {name}")
        assert code == 0
        if graph.distance(name) < float("inf"):
            assert f"distance when nothing is known: {graph.distance(name):g} (" in out
            assert f"shortest way: {' → '.join((*graph.plan(name), name))}" in out
        else:
            assert "no tool gives" in out
        assert all(edge.reason in out for edge in graph.edges() if name in (edge.source, edge.target))


def test_edges_are_proven(run: Run) -> None:
    _, out, _ = run("graph filesystem --tool su --witnesses")
    assert re.search(r"su makes privileged true, which chown needs; proven from seed \d in \d calls", out)


def test_what_a_search_finds_is_kept(run: Run, tmp_path: Path) -> None:
    """Only what has no witness yet is searched for; what is known stays as it is."""
    file = tmp_path / "kept.json"
    code, out, err = run(f"graph filesystem --tool exit --search --keep {file}")
    assert code == 0
    assert f"wrote {file}" in err
    assert "su makes privileged true, which exit needs; proven from seed" in out
    assert read_proofs(file.read_text(encoding="utf-8"), str(file)) == shipped(load_domain("filesystem"))


def test_a_missing_witness_is_searched_for() -> None:
    domain = load_domain("filesystem")
    edge = next(edge for edge in ApiGraph(domain.spec).edges() if edge.relation == "fact")
    assert isinstance(searched(domain, [edge], quiet=True)[edge], Witness)


def test_samplers_are_compared(run: Run, tmp_path: Path) -> None:
    plot = tmp_path / "samplers.svg"
    code, out, err = run(f"ablate --domain filesystem --samples 12 --plot {plot}")
    assert (code, err) == (0, f"wrote {plot}\n")
    assert "12 targets in filesystem, 95 % intervals" in out
    assert all(name in out for name in (*POLICIES, *FIGURES))
    table = json.loads(run("ablate --domain filesystem --samples 12 --json")[1])
    assert table == json.loads(json.dumps(as_plain(ablate(load_domain("filesystem"), 12, 0))))
    drawn = ET.fromstring(plot.read_text(encoding="utf-8"))
    bars = drawn.findall("{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 1 + len(POLICIES) + len(POLICIES) * len(FIGURES)


def test_proofs_are_told(tmp_path: Path) -> None:
    domain = load_domain("filesystem")
    graph = ApiGraph(domain.spec)
    facts = [edge for edge in graph.edges() if edge.relation != "data"]
    proofs: dict[Edge, Proof] = {edge: Unproven(edge, 60, (("EINVAL", 60),)) for edge in graph.edges()}
    proofs |= search_witnesses(domain, edges=facts)
    told = summary(graph, None, proofs)
    assert f"proven by execution: {len(facts)} of {len(proofs)} edges (0.2 %)" in told
    assert f"  values     0 of {len(proofs) - len(facts)} edges (0 %)" in told
    assert "  conflicts  1 of 1 edges (100 %)" in told
    assert "  rules " not in told
    first = next(edge for edge in graph.edges() if edge.relation == "data")
    assert f"  without a witness: {first.reason} (EINVAL 60x)" in told
    assert told.count("  without a witness: ") == len(proofs) - len(facts)
    assert "\n  path of which holds: no_mount\n" in of_tool(graph, "rmdir", None)
    assert "no witness found (never tried)" in of_tool(graph, "pwd", dict.fromkeys(proofs, Unproven(first, 0, ())))
    plain = as_json(graph, None, proofs)
    by_relation = {edge["relation"]: edge["witness"] for edge in plain["edges"]}
    assert by_relation["data"] is None
    assert by_relation["fact"]["first"]["name"] == "su"


def test_a_world_without_facts_is_told(run: Run) -> None:
    spec = load_spec("filesystem")
    tools = {name: tool for name, tool in spec.tools.items() if name in ("pwd", "date")}
    told = summary(ApiGraph(msgspec.structs.replace(spec, facts={}, tools=tools)), None, None)
    assert "\nfacts\n" not in told
    assert "2 tools: 2 read, 0 write" in told


def test_the_use_of_a_run_is_counted(run: Run, run_folder: Path) -> None:
    dialogues = list(read_dialogues(run_folder))
    graph = ApiGraph(load_spec("filesystem"))
    used = coverage_of(graph, dialogues)
    calls = [call.name for dialogue in dialogues for call in dialogue.calls if call.error is None]
    assert used.tools == {name: calls.count(name) for name in set(calls)}
    assert used.edges
    assert set(used.edges) <= set(graph.edges())
    _, out, _ = run(f"graph filesystem --run {run_folder}")
    assert f"used by the run: {len(used.tools)} of {len(graph.spec.tools)} tools in {len(calls)} calls" in out
    plain = json.loads(run(f"graph filesystem --format json --run {run_folder}")[1])
    assert sum(edge["uses"] for edge in plain["edges"]) == sum(used.edges.values())
    assert {tool["name"]: tool["calls"] for tool in plain["tools"] if tool["calls"]} == used.tools


def test_a_fact_is_used_by_whoever_needs_it_next(run_folder: Path) -> None:
    dialogue = first_of(run_folder)
    call = msgspec.structs.replace(dialogue.calls[0], sources={}, arguments={}, result={})
    names = ["chown", "su", "chown", "exit", "chown"]
    calls = tuple(msgspec.structs.replace(call, name=name) for name in names)
    changed = msgspec.structs.replace(dialogue, calls=calls)
    used = coverage_of(ApiGraph(load_spec("filesystem")), [changed])
    assert used.tools == {"chown": 3, "su": 1, "exit": 1}
    assert {(edge.source, edge.target, edge.via): count for edge, count in used.edges.items()} == {
        ("su", "chown", "privileged"): 1,
        ("su", "exit", "privileged"): 1,
    }


def test_a_fact_of_an_entity_is_used_through_that_entity(run_folder: Path) -> None:
    """Borrowing makes it true of one book; only returning that very book rests on it."""
    dialogue = first_of(run_folder)
    call = msgspec.structs.replace(dialogue.calls[0], sources={}, result={})
    made = [("join", ""), ("borrow", "BOOK001"), ("return_book", "BOOK002"), ("return_book", "BOOK001")]
    calls = tuple(msgspec.structs.replace(call, name=name, arguments={"book_id": book}) for name, book in made)
    spec = spec_from_dict(CONTRACT)
    used = coverage_of(ApiGraph(spec), [msgspec.structs.replace(dialogue, domain="library", calls=calls)])
    assert {(edge.source, edge.target, edge.via): count for edge, count in used.edges.items()} == {
        ("borrow", "return_book", "on_loan"): 1,
        ("join", "borrow", "has_card"): 1,
        ("join", "return_book", "has_card"): 2,
    }


# ---------------------------------------------------------------------------------------------------------- spec


def test_shipped_contracts_are_sound(run: Run) -> None:
    files = [str(env_specs.contract_path(name)) for name in env_specs.names()]
    code, out, _ = run(f"spec check {' '.join(files)}")
    assert code == 0
    assert [line.split(": ok: ")[0] for line in out.splitlines()] == files


def test_every_fault_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    sound = env_specs.contract_path("filesystem").read_text(encoding="utf-8")
    file = tmp_path / "world.yaml"
    file.write_text(sound.replace("kind: dir_path", "kind: dirpath"), encoding="utf-8")
    code, out, _ = run(f"spec check {file} {tmp_path}/none.yaml")
    *faults, last = out.splitlines()
    assert code == 2
    form = re.compile(rf"{file}:(\d+): (/tools/\S+): no kind 'dirpath'; declare it under kinds")
    lines = [int(found[1]) for fault in faults if (found := form.fullmatch(fault))]
    assert set(lines) == {at for at, line in enumerate(sound.splitlines(), start=1) if "kind: dir_path" in line}
    follows = ("can never be called", "'no_mount' is not about the kind of this value", "is no read that shows values")
    assert [each for each in faults if not form.fullmatch(each) and not any(text in each for text in follows)] == []
    assert last.startswith(f"{tmp_path}/none.yaml: /: cannot be read")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", r":\d+: /: is no YAML: .*; fix the syntax there"),
        ("- a\n", r": /: is no mapping; start with name:, id:.*"),
        ("name: x\nid: 5\n", r":\d+: /id: 5 is not of type 'string'; see .*"),
    ],
)
def test_what_is_no_contract_is_named(text: str, said: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, _ = run(f"spec check {file}")
    assert code == 2
    assert any(re.fullmatch(re.escape(str(file)) + said, line) for line in out.splitlines())


def test_tools_are_exported_by_name_and_by_file(run: Run, tmp_path: Path) -> None:
    by_name = run("spec export filesystem --format mcp")[1]
    by_file = run(f"spec export {env_specs.contract_path('filesystem')} --format mcp")[1]
    assert by_name == by_file
    run(f"spec export filesystem --format mcp --out {tmp_path}/tools.json")
    assert (tmp_path / "tools.json").read_text(encoding="utf-8") == by_name
    assert [tool["name"] for tool in json.loads(by_name)] == list(load_spec("filesystem").tools)


@pytest.mark.parametrize("kind", ["dialogue", "task", "evidence"])
def test_the_shipped_schemas_are_those_of_the_records(run: Run, kind: str) -> None:
    text = (ROOT / "fr_synth" / "trace" / f"{kind}.schema.json").read_text(encoding="utf-8")
    again = f"funreason spec record-schema --of {kind} --out fr_synth/trace/{kind}.schema.json"
    assert text == run(f"spec record-schema --of {kind}")[1], f"run: {again}"
