"""What README.md and docs/ say is executed.

1. A document is one test. Its blocks run in order, in one temporary folder, Python blocks in one namespace.
2. In a console block, `$ funreason …` must exit with 0, or with N if the line ends in `# exit N`. The lines
   below the command must appear in its output, in order; `...` stands for anything. Commands run in this
   interpreter; that they run in one of their own is held by test_synth_command.py and by .ci/run. `$ make …` must
   name targets that exist.
   `$ funreason serve … &` goes on serving until the end of the document, on a port of its own in place of 8000;
   `$ curl …` and `$ NAME=$(curl …)` are run by a shell, which keeps the variables.
3. A block of YAML or JSON must parse. Other languages are prose, apart from `sh` and `bash`, which would go
   unchecked.
4. A block below `<!-- not run: REASON -->` is skipped. Nothing else is.
"""

import contextlib
import json
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
import yaml

from fr_envs.world.registry import drop_world, own_worlds
from tests.processes import run, started
from tests.typed import typed

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^\n`]*\n"
    r"(?P<body>.*?)"
    r"^[ \t]*(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN = re.compile(r"<!--\s*not run:\s*\w(?:(?!-->).)*-->\s*\Z", re.DOTALL)
EXIT = re.compile(r"#\s*exit (?P<code>\d+)\s*$")


class Block(NamedTuple):
    """A fenced block; `line` is where its body begins, counted from 1."""

    language: str
    body: str
    line: int


class Command(NamedTuple):
    """A line after `$ ` and the output that the document shows for it."""

    text: str
    output: Sequence[str]

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text, comments=True)

    @property
    def exit_code(self) -> int:
        found = EXIT.search(self.text)
        return int(found["code"]) if found else 0


def blocks(text: str) -> Iterator[Block]:
    for match in FENCE.finditer(text):
        if NOT_RUN.search(text[: match.start()]):
            continue
        line = text.count("\n", 0, match.start("body")) + 1
        yield Block(match["language"].lower(), textwrap.dedent(match["body"]), line)


def commands(body: str) -> Iterator[Command]:
    joined = body.replace("\\\n", " ")
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        text, *output = part.splitlines()
        yield Command(text, [line.rstrip() for line in output if line.strip()])


def missing_line(expected: Sequence[str], actual: str) -> str | None:
    """The first expected line that does not follow in the output, None if all do."""
    lines = iter(actual.splitlines())
    for line in expected:
        pattern = re.compile(".*".join(re.escape(piece) for piece in line.split("...")))
        if line.strip() != "..." and not any(pattern.fullmatch(candidate.rstrip()) for candidate in lines):
            return line
    return None


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def run_funreason(command: Command) -> None:
    code, output = typed(command.words[1:], ENVIRONMENT)
    shown = f"$ {command.text}\n{output}"
    assert code == command.exit_code, f"exit code {code}\n{shown}"
    absent = missing_line(command.output, output)
    assert absent is None, f"not in the output, or not in this order: {absent!r}\n{shown}"


ENVIRONMENT = {"COLUMNS": "110", "NO_COLOR": "1", "PYTHONUTF8": "1", "TERM": "dumb"}


class Servers:
    """What a document starts and goes on with: servers, and variables of the shell."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._url = ""
        self._variables: list[str] = []

    def start(self, command: Command, folder: Path) -> None:
        words = [sys.executable, "-m", "fr_synth.cli", *command.words[1:-1], "--port", "0"]
        process = self._stack.enter_context(started(words, cwd=folder, stderr=subprocess.PIPE))
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        self._url = found[0]
        absent = missing_line(command.output, line.replace(self._url, SERVER))
        assert absent is None, f"not in the output: {absent!r}\n{line}"

    def there(self, text: str) -> str:
        """A text with the address that the document's server really has."""
        return text.replace(SERVER, self._url) if self._url else text

    def shell(self, command: Command, folder: Path) -> None:
        name, sets, _ = command.text.partition("=$(")
        is_set = bool(sets) and name.isidentifier()
        lines = [*self._variables, self.there(command.text), *([f'printf %s "${name}"'] if is_set else [])]
        done = run(["bash", "-c", "\n".join(lines)], cwd=folder, stderr=subprocess.STDOUT, encoding="utf-8")
        shown = f"$ {command.text}\n{done.stdout}"
        assert done.returncode == command.exit_code, f"exit code {done.returncode}\n{shown}"
        absent = missing_line(command.output, done.stdout)
        assert absent is None, f"not in the output, or not in this order: {absent!r}\n{shown}"
        if is_set:
            self._variables.append(f"{name}={shlex.quote(done.stdout)}")

    def close(self) -> None:
        self._stack.close()


SERVER = "http://127.0.0.1:8000"


def run_console(body: str, folder: Path, servers: Servers | None = None) -> None:
    for command in commands(body):
        if servers and re.match(r"([A-Z_]+=\$\()?curl ", command.text):
            servers.shell(command, folder)
            continue
        match command.words:
            case ["funreason", "serve", *_, "&"] if servers:
                servers.start(command, folder)
            case ["funreason", *_]:
                run_funreason(command)
            case ["make", *words]:
                unknown = {word for word in words if "=" not in word} - make_targets()
                assert not unknown, f"not in the Makefile: {sorted(unknown)}"
            case _:
                pytest.fail(f"unchecked; put <!-- not run: REASON --> above it: {command.text}")


def run_block(block: Block, document: Path, module: ModuleType, servers: Servers) -> None:
    match block.language:
        case "python":
            source = "\n" * (block.line - 1) + servers.there(block.body)  # so that tracebacks point into the document
            exec(compile(source, document, "exec"), module.__dict__)
        case "console":
            run_console(block.body, Path.cwd(), servers)
        case "yaml":
            list(yaml.safe_load_all(block.body))
        case "json":
            json.loads(block.body)
        case "jsonl":
            for line in block.body.splitlines():
                json.loads(line)
        case "sh" | "bash" | "shell":
            pytest.fail("shell blocks go unchecked: write ```console with `$ ` before each command")
        case _:
            pass


def test_the_readme_exists() -> None:
    assert README.is_file()


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = ModuleType(f"document_{document.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # where classes look up their annotations
    before, servers = own_worlds(), Servers()
    try:
        for block in blocks(document.read_text(encoding="utf-8")):
            run_noted(block, document, module, servers)
    finally:
        servers.close()
        for name in set(own_worlds()).difference(before):
            drop_world(name)


def run_noted(block: Block, document: Path, module: ModuleType, servers: Servers) -> None:
    """Run a block; what it raises says where it stands."""
    try:
        run_block(block, document, module, servers)
    except BaseException as error:
        error.add_note(f"in the block at {document.relative_to(ROOT)}:{block.line}")
        raise


def test_blocks_are_found_with_language_line_and_body() -> None:
    text = "a\n\n```python title=x\nx = 1\n```\n\n1. b\n\n   ~~~~console\n   $ make\n   ~~~~\n"
    assert list(blocks(text)) == [Block("python", "x = 1\n", 4), Block("console", "$ make\n", 10)]


def test_only_a_block_with_a_reason_above_it_is_skipped() -> None:
    block = "```json\n{}\n```\n"
    assert not list(blocks(f"<!-- not run: needs a key -->\n\n{block}"))
    assert len(list(blocks(f"<!-- not run: -->\n{block}"))) == 1
    assert len(list(blocks(f"<!-- not run: needs a key -->\n{block}\n{block}"))) == 1


def test_commands_carry_their_exit_code_and_output() -> None:
    first, second = commands("$ funreason a \\\n    b\nout\n\n...\n$ funreason c  # exit 2\n")
    assert (first.words, first.exit_code, list(first.output)) == (["funreason", "a", "b"], 0, ["out", "..."])
    assert (second.words, second.exit_code, list(second.output)) == (["funreason", "c"], 2, [])


@pytest.mark.parametrize(
    ("expected", "absent"),
    [
        (["one", "three"], None),
        (["...", "t...e  (3)"], "t...e  (3)"),
        (["t...e", "..."], None),
        (["three", "one"], "one"),
        (["on"], "on"),
    ],
)
def test_expected_lines_appear_in_order(expected: list[str], absent: str | None) -> None:
    assert missing_line(expected, "one  \ntwo\nthree\n") == absent


@pytest.mark.parametrize("body", ["$ make no-such-target\n", "$ rm -rf build\n"])
def test_a_command_that_cannot_be_checked_fails(body: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_console(body, tmp_path)


def test_a_newcomers_world_is_short() -> None:
    """Contract and handlers on the page about worlds of one's own: sixty lines at most, blank ones aside."""
    page = (ROOT / "docs" / "adding-a-world.md").read_text(encoding="utf-8")
    contract, handlers = page.split("```python\n")[1:3]
    lines = [*contract.split("```")[0].splitlines(), *handlers.split("```")[0].splitlines()]
    assert len([line for line in lines if line.strip()]) <= 60
