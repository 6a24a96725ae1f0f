"""Worlds of your own, from one end of the command line to the other.

1. A world file makes a Python object, an MCP server or an OpenAPI service usable wherever a shipped world's name is.
2. The same bytes come with one worker and with two, and after a run was cut short.
3. A record names its world; what the name means is said by whoever reads it.
4. A faulty tool stops the run with its name, or is left out with its name, as configured.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import gymnasium
import pytest
import yaml
from typing_extensions import override

from fr_envs.adapters.world_file import read_world
from fr_envs.contract.loading import read_spec
from fr_envs.world.registry import drop_world, own_worlds
from fr_synth.cli import main
from fr_synth.run.folder.journal import DIALOGUES, read_dialogues

TESTS = Path(__file__).parents[2]
SERVERS = TESTS / "fr_envs" / "adapters" / "mcp"

Typed: TypeAlias = Callable[..., tuple[int, str, str]]
"""Types a command; exit code, standard output, standard error."""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    for name in own_worlds():
        drop_world(name)


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for place in (TESTS / "fr_synth" / "help_desk.py", SERVERS / "todo_server.py", SERVERS / "notes_server.py"):
        shutil.copy(place, tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        return code, *capfd.readouterr()

    return run


def world(stem: str, **said: Any) -> str:
    file = Path(f"{stem}.world.yaml")
    file.write_text(yaml.safe_dump(said), encoding="utf-8")
    return str(file)


inferred: list[str] = []  # the contract of the desk: playing it through takes seconds, and comes to the same each time


@pytest.fixture
def desk(typed: Typed) -> str:
    file = world("desk", python="help_desk:HelpDesk", contract="desk.yaml")
    if not inferred:
        code, out, err = typed("spec", "infer", file, "--walks", "25")
        assert (code, out) == (0, "")
        assert "5 tools, 1 kinds" in err
        inferred.append(Path("desk.yaml").read_text(encoding="utf-8"))
    Path("desk.yaml").write_text(inferred[0], encoding="utf-8")
    return file


def synth(typed: Typed, file: str, out: str, *words: str) -> tuple[int, str, str]:
    return typed("synth", "--world", file, "--turns", "2-3", "--out", out, "--json", *words)


@pytest.mark.slow
def test_a_python_object_goes_all_the_way(typed: Typed, desk: str) -> None:
    assert typed("spec", "check", "desk.yaml")[0] == 0
    code, out, _ = synth(typed, desk, "one", "--count", "14", "--workers", "1")
    totals = json.loads(out)
    assert (code, totals["records"]) == (0, 14)
    assert totals["coverage"]["desk"]["tools"] == 5
    assert totals["dependent_share"] > 0.4  # lists and counts that are asked for rest on no value
    assert {dialogue.domain for dialogue in read_dialogues(Path("one"))} == {"desk"}
    assert typed("verify", "one", "--world", desk, "--json")[0] == 0
    code, out, _ = typed(
        "rollouts", "--tasks", "one", "--world", desk, "--agent", "oracle", "--out", "o.jsonl", "--json"
    )
    assert (code, json.loads(out)["all"]["score"]) == (0, 1.0)
    assert typed("show", "one", "0")[0] == 0
    assert typed("graph", "desk", "--world", desk, "--run", "one")[0] == 0
    assert "assign_ticket" in typed("envs", "desk", "--world", desk)[1]
    assert "desk" in typed("envs", "--world", desk)[1]
    code, out, _ = typed("ablate", "--domain", "desk", "--world", desk, "--samples", "8", "--json")
    assert code == 0


@pytest.mark.slow
def test_two_workers_and_a_resumed_run_write_the_same_bytes(typed: Typed, desk: str) -> None:
    for out, workers in (("one", "1"), ("two", "2")):
        assert synth(typed, desk, out, "--count", "6", "--workers", workers)[0] == 0
    whole = (Path("one") / DIALOGUES).read_bytes()
    assert (Path("two") / DIALOGUES).read_bytes() == whole
    cut = Path("two") / DIALOGUES
    cut.write_bytes(whole[: len(whole) // 2])
    assert synth(typed, desk, "two", "--count", "6", "--workers", "1", "--resume")[0] == 0
    assert cut.read_bytes() == whole


def test_a_run_is_not_resumed_with_another_contract(typed: Typed, desk: str) -> None:
    assert synth(typed, desk, "run", "--count", "2", "--workers", "1")[0] == 0
    text = Path("desk.yaml").read_text(encoding="utf-8")
    other = text.replace("- assign {ticket_id} to {agent}", "- let {agent} look into {ticket_id}")
    assert other != text
    Path("desk.yaml").write_text(other, encoding="utf-8")
    code, _, err = synth(typed, desk, "run", "--count", "4", "--workers", "1", "--resume")
    assert code == 2
    assert "contracts" in err


def test_a_world_of_ones_own_composes_with_a_shipped_one(typed: Typed, desk: str) -> None:
    words = ("--domain", "desk+banking", "--count", "3", "--workers", "1")
    assert synth(typed, desk, "both", *words)[0] == 0
    assert {dialogue.domain for dialogue in read_dialogues(Path("both"))} == {"desk+banking"}
    assert typed("verify", "both", "--world", desk, "--quiet")[0] == 0


def test_a_record_does_not_say_what_its_world_is(typed: Typed, desk: str) -> None:
    assert synth(typed, desk, "run", "--count", "2", "--workers", "1")[0] == 0
    drop_world("desk")
    code, _, err = typed("verify", "run")
    assert code == 2
    assert err.startswith("funreason: no world 'desk'; there are banking, ")
    assert err.endswith("one of your own is made known by --world FILE\n")


@pytest.mark.slow
def test_a_corrected_phrase_is_what_the_user_says(typed: Typed, desk: str) -> None:
    spec = read_spec("desk.yaml")
    assert spec.tools["assign_ticket"].request_templates == ("assign {ticket_id} to {agent}",)
    text = Path("desk.yaml").read_text(encoding="utf-8")
    corrected = text.replace("- assign {ticket_id} to {agent}", "- let {agent} look into {ticket_id}")
    Path("desk.yaml").write_text(corrected, encoding="utf-8")
    assert synth(typed, desk, "run", "--count", "10", "--workers", "1")[0] == 0
    said = (Path("run") / DIALOGUES).read_text(encoding="utf-8")
    assert "look into " in said
    assert "assign the ticket" not in said


@pytest.mark.slow
def test_inference_does_not_write_over_what_was_corrected(typed: Typed, desk: str) -> None:
    code, _, err = typed("spec", "infer", desk)
    assert code == 2
    assert "desk.yaml is there already" in err
    assert typed("spec", "infer", desk, "--walks", "5", "--length", "4", "--out", "other.yaml")[0] == 0
    assert typed("spec", "infer", desk, "--walks", "0", "--overwrite")[::2] == (
        2, "funreason: walks 0: give an integer from 1\n",
    )  # fmt: skip


def test_a_contract_is_that_of_its_world(typed: Typed, desk: str) -> None:
    file = world("other", python="help_desk:HelpDesk", contract="desk.yaml")
    code, _, err = synth(typed, file, "run", "--count", "1")
    assert code == 2
    assert err.endswith("desk.yaml: /name: is the contract of 'desk', not of 'other'; give both the same name\n")


def test_it_is_a_gymnasium_environment(typed: Typed, desk: str) -> None:
    env = gymnasium.make(read_world(desk).register())
    env.reset(seed=3)
    observation, *_ = env.step({"name": "count_open", "arguments": {}})
    assert observation == '{"result":3}'


@pytest.mark.slow
@pytest.mark.parametrize("name", ["DOMAIN", "made"])
def test_a_domain_is_taken_as_it_is(typed: Typed, name: str) -> None:
    Path("kept.py").write_text(
        "from fr_envs.adapters.python.objects import domain_from_object\n"
        "from help_desk import HelpDesk\n"
        "def made(): return domain_from_object(HelpDesk, name='kept')\n"
        "DOMAIN = made()\n",
        encoding="utf-8",
    )
    file = world("kept", domain=f"kept:{name}")
    assert "count_open" in typed("envs", "kept", "--world", file)[1]
    assert typed("spec", "infer", file, "--walks", "5", "--length", "5", "--out", "kept.yaml")[0] == 0


# ------------------------------------------------------------------------------------------------------------ servers


@pytest.mark.slow
def test_an_mcp_server_goes_all_the_way(typed: Typed) -> None:
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    command = f"{shlex.quote(sys.executable)} todo_server.py"
    assert typed("spec", "import", "mcp", command, "--name", "todo", "--out", "todo.yaml")[0] == 0
    data = yaml.safe_load(Path("todo.yaml").read_text(encoding="utf-8"))  # a person gives it a kind
    data["kinds"]["task_id"] = {"schema": {"type": "string"}, "origin": "issued", "description": "A task's identifier."}
    data["tools"]["finish_task"]["parameters"]["task_id"] = {"kind": "task_id"}
    data["tools"]["add_task"]["returns"]["task_id"] = {"kind": "task_id"}
    data["tools"]["list_tasks"]["returns"]["tasks"]["array"]["object"]["task_id"] = {"kind": "task_id"}
    Path("todo.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    file = world("todo", mcp=command, contract="todo.yaml")
    for out, workers in (("one", "1"), ("two", "2")):
        words = ("--count", "2", "--targets", "tools", "--workers", workers)
        assert synth(typed, file, out, *words)[0] == 0
    assert (Path("one") / DIALOGUES).read_bytes() == (Path("two") / DIALOGUES).read_bytes()
    assert typed("verify", "one", "--world", file, "--quiet")[0] == 0


class Shelf(BaseHTTPRequestHandler):
    """A shelf of books over HTTP, with a way back to its first state."""

    books: ClassVar[dict[int, dict[str, Any]]] = {}

    @classmethod
    def first(cls) -> None:
        titles = ("Emma", "Dune", "Ulysses")
        cls.books = {11 + k: {"bookId": 11 + k, "title": title, "lent": 0} for k, title in enumerate(titles)}

    def do_GET(self) -> None:
        self._answer(200, list(self.books.values()))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        if self.path == "/reset":
            self.first()
            self._answer(200, None)
            return
        if self.path == "/books":
            number = 11 + len(self.books)
            self.books[number] = {"bookId": number, "title": body["title"], "lent": 0}
            self._answer(200, self.books[number])
            return
        number = int(self.path.split("/")[2])
        if number not in self.books or self.books[number]["lent"]:
            self._answer(404, None)
            return
        self.books[number] = {**self.books[number], "lent": 1}
        self._answer(200, self.books[number])

    def _answer(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None: ...


BOOK = {
    "type": "object",
    "properties": {"bookId": {"type": "integer"}, "title": {"type": "string"}, "lent": {"type": "integer"}},
    "required": ["bookId", "title", "lent"],
}


def answer(schema: Any) -> Any:
    return {"200": {"description": "It.", "content": {"application/json": {"schema": schema}}}}


SHELF: Any = {
    "openapi": "3.1.0",
    "info": {"title": "Shelf", "version": "1"},
    "paths": {
        "/books": {
            "get": {
                "operationId": "listBooks",
                "summary": "List all books.",
                "responses": answer({"type": "array", "items": BOOK}),
            },
            "post": {
                "operationId": "addBook",
                "summary": "Add a book.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"title": {"type": "string"}},
                                "required": ["title"],
                            }
                        }
                    },
                },
                "responses": answer(BOOK),
            },
        },
        "/books/{bookId}/lend": {
            "post": {
                "operationId": "lendBook",
                "summary": "Lend a book.",
                "parameters": [{"name": "bookId", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": answer(BOOK) | {"404": {"description": "It is not there."}},
            }
        },
    },
}


@pytest.fixture
def service() -> Iterator[str]:
    Shelf.first()
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_an_openapi_service_goes_all_the_way(typed: Typed, service: str) -> None:
    Path("shelf.json").write_text(json.dumps(SHELF), encoding="utf-8")
    file = world("shelf", openapi="shelf.json", base_url=service, reset="/reset", contract="shelf.yaml")
    assert typed("spec", "infer", file, "--walks", "10")[0] == 0
    assert read_spec("shelf.yaml").kinds["book_id"].origin == "issued"
    code, out, _ = synth(typed, file, "run", "--count", "4")
    assert code == 0
    assert json.loads(out)["dependent_share"] > 0.3
    assert typed("verify", "run", "--world", file, "--quiet")[0] == 0
    code, _, err = synth(typed, file, "two", "--count", "8", "--workers", "2")
    assert (code, err) == (
        2, "funreason: shelf is one live service, which 2 processes would play on at once: take 1 worker\n",
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.slow
def test_a_tool_that_hangs_stops_the_run_or_is_left_out(typed: Typed, caplog: pytest.LogCaptureFixture) -> None:
    file = world("careless", python="help_desk:Careless", time_limit=1)
    code, _, err = synth(typed, file, "stopped", "--count", "5", "--workers", "1")
    assert code == 2
    assert err.startswith("funreason: ")
    assert any(
        fault in err
        for fault in ("get_backlog: did not return within 1 s; ", "sort_tags: changes its argument 'tags'; ")
    )
    code, out, _ = synth(typed, file, "skipped", "--count", "5", "--workers", "1", "--on-bad-tool", "skip")
    assert (code, json.loads(out)["records"]) == (0, 5)
    assert (
        caplog.messages.count("careless: get_backlog did not return within 1 s; it is out of service from now on") == 1
    )
    assert caplog.messages.count("careless: sort_tags changes its argument 'tags'; it was given a copy") == 1
    called = {call.name for dialogue in read_dialogues(Path("skipped")) for call in dialogue.calls}
    assert not called & {"get_backlog", "get_mood"}
    words = ("verify", "skipped", "--world", file, "--on-bad-tool", "skip", "--quiet")
    assert typed(*words)[0] == 0


@pytest.mark.slow
def test_a_contract_that_cannot_be_kept_stops_or_costs_the_tool(typed: Typed, desk: str) -> None:
    data = yaml.safe_load(Path("desk.yaml").read_text(encoding="utf-8"))
    data["kinds"]["budget_code"] = {"schema": {"type": "string"}, "origin": "issued", "description": "A code."}
    data["tools"]["create_ticket"]["parameters"]["title"] = {"kind": "budget_code"}
    data["facts"]["quiet"] = {"description": "It is quiet.", "violation": "not_quiet"}
    data["tools"]["count_open"] |= {"sets": ["quiet"], "clears": ["quiet"]}
    Path("desk.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    code, _, err = synth(typed, desk, "run", "--count", "5", "--workers", "1")
    assert (code, err.count("\n")) == (2, 1)
    assert "/tools/count_open/sets: both sets and clears 'quiet'; decide which of the two the tool does" in err
    code, _, err = synth(typed, desk, "run", "--count", "5", "--workers", "1", "--on-bad-tool", "skip")
    assert code == 0
    assert "desk: left out: " in err
    assert "/tools/count_open/sets: both sets and clears 'quiet'" in err
    assert "/tools/create_ticket: can never be called: nothing that is reachable gives budget_code" in err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "tool", "problem"),
    [
        ("dies", "archive_list", "Connection closed"),
        ("lies", "count_tasks", 'Invalid structured content returned by tool count_tasks: "several"'),
    ],
)
def test_a_server_that_dies_or_lies_stops_the_run_or_costs_the_tool(
    typed: Typed, caplog: pytest.LogCaptureFixture, fault: str, tool: str, problem: str
) -> None:
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    file = world("todo", mcp=f"{shlex.quote(sys.executable)} todo_server.py {fault}")
    words = ("--count", "4", "--targets", "tools", "--workers", "1")  # each tool has its turn in so many
    code, _, err = synth(typed, file, "stopped", *words)
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith(f"funreason: {tool}: {problem}")
    code, out, _ = synth(typed, file, "skipped", *words, "--on-bad-tool", "skip")
    assert (code, json.loads(out)["records"]) == (0, 4)
    assert sum(text.startswith(f"todo: {tool} is out of service from now on: ") for text in caplog.messages) == 1
    assert tool not in {call.name for dialogue in read_dialogues(Path("skipped")) for call in dialogue.calls}


@pytest.mark.slow
def test_a_document_with_a_broken_reference_stops_the_run_or_costs_the_tool(typed: Typed, service: str) -> None:
    paths = {**SHELF["paths"], "/rooms": {"get": {"parameters": [{"$ref": "#/components/parameters/Floor"}]}}}
    Path("shelf.json").write_text(json.dumps({**SHELF, "paths": paths}), encoding="utf-8")
    file = world("shelf", openapi="shelf.json", base_url=service, reset="/reset")
    code, _, err = synth(typed, file, "stopped", "--count", "3")
    assert (code, err.count("\n")) == (2, 1)
    problem = "/paths/~1rooms/get/parameters/0/$ref: '#/components/parameters/Floor' points at nothing"
    assert problem in err
    code, out, err = synth(typed, file, "skipped", "--count", "3", "--on-bad-tool", "skip")
    assert (code, json.loads(out)["records"]) == (0, 3)
    assert err.startswith("shelf: left out: ")
    assert problem in err


def test_a_service_that_is_gone_is_named(typed: Typed) -> None:
    Path("shelf.json").write_text(json.dumps(SHELF), encoding="utf-8")
    file = world("shelf", openapi="shelf.json", base_url="http://127.0.0.1:9", reset="http://127.0.0.1:9/reset")
    code, _, err = synth(typed, file, "run", "--count", "3")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("funreason: shelf: cannot be reset at http://127.0.0.1:9/reset: ")


def test_a_service_that_nothing_resets_is_said_so(typed: Typed, service: str) -> None:
    Path("shelf.json").write_text(json.dumps(SHELF), encoding="utf-8")
    code, _, err = synth(typed, world("shelf", openapi="shelf.json", base_url=service), "run", "--count", "3")
    assert (code, err.count("\n")) == (2, 1)
    assert "the world shelf lives elsewhere and cannot go back to an earlier state" in err


@pytest.mark.slow
def test_a_world_without_a_contract_says_how_it_comes_by_one(typed: Typed) -> None:
    Path("lamps.py").write_text(LAMPS, encoding="utf-8")
    file = world("lamps", python="lamps:Lamps")
    code, _, err = synth(typed, file, "run", "--count", "1", "--workers", "1")
    assert (code, err.count("\n")) == (2, 1)
    assert "nothing says which values of lamps are of one kind: funreason spec infer WORLD --out CONTRACT" in err
    code, _, err = typed("spec", "infer", file, "--out", "found.yaml", "--walks", "2", "--most-calls", "60")
    assert code == 0
    assert err.splitlines()[-1].startswith(f"{file} names no contract yet: write contract: found.yaml into it")


LAMPS = '''
class Lamps:
    """Lamps of a flat."""

    def __init__(self):
        self.lamps = {"kitchen": False, "hall": True}

    def switch_on(self, lamp: str) -> dict:
        """Switch a lamp on."""
        self.lamps[lamp] = True
        return {"lamp": lamp, "on": True}
'''


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"python": "help_desk:Desk"}, "python: 'help_desk:Desk' cannot be found: AttributeError: module 'help_desk'"),
        (
            {"python": "no_such_module:Desk"},
            "python: 'no_such_module:Desk' cannot be found: ModuleNotFoundError: No mod",
        ),
        ({"python": "broken:Desk"}, "python: 'broken:Desk' cannot be found: SyntaxError: "),
        (
            {"python": "help_desk:Unmade"},
            "Unmade: cannot be made: RuntimeError: out of order; fix what makes the object",
        ),
        ({"python": "help_desk"}, "python: 'help_desk' is no MODULE:NAME"),
        ({"python": "help_desk.py:HelpDesk"}, "names a file; give MODULE:NAME, such as help_desk:HelpDesk, found from"),
        ({"python": "./help_desk:HelpDesk"}, "names a file; give MODULE:NAME, such as help_desk:HelpDesk, found from"),
        ({"python": "help_desk:CONSTANT"}, "python: 'help_desk:CONSTANT' makes nothing"),
        ({"domain": "help_desk:CONSTANT"}, "domain: 'help_desk:CONSTANT' is no Domain, and makes none"),
        ({"domain": "help_desk:nothing"}, "domain: 'help_desk:nothing' is no Domain, and makes none"),
        ({"python": "help_desk:nothing"}, "object has no public method"),
        ({"python": "help_desk:HelpDesk", "docs": "no.json"}, "holds no function docs"),
        ({"python": "help_desk:HelpDesk", "contract": "no.yaml"}, "is not there, and the world file names it"),
        ({"python": "help_desk:HelpDesk", "name": "banking"}, "'banking' is the name of a shipped world"),
        ({"python": "help_desk:HelpDesk", "name": "My Desk"}, "'My Desk' is no name of a world"),
        ({"python": "help_desk:HelpDesk", "limit": 3}, "is no world file: Object contains unknown field `limit`"),
        ({"python": "help_desk:HelpDesk", "mcp": "x"}, "does not say where its tools are"),
        ({}, "does not say where its tools are"),
        ({"openapi": "no.json", "base_url": "http://127.0.0.1:9"}, "no.json: /: cannot be read"),
        ({"mcp": "no_such_command_anywhere"}, "no_such_command_anywhere: "),
    ],
)
def test_a_world_file_that_is_wrong_costs_one_line(typed: Typed, said: dict[str, Any], problem: str) -> None:
    if "mcp" in said and "python" not in said:
        pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    Path("broken.py").write_text("class Desk(:", encoding="utf-8")
    code, out, err = synth(typed, world("wrong", **said), "run", "--count", "1")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert problem in err


def test_a_file_that_is_no_yaml_costs_one_line(typed: Typed) -> None:
    Path("odd.world.yaml").write_text("a: [", encoding="utf-8")
    code, _, err = synth(typed, "odd.world.yaml", "run", "--count", "1")
    assert (code, err.count("\n")) == (2, 1)
    assert "is no YAML" in err
    assert "cannot be read" in synth(typed, "gone.world.yaml", "run", "--count", "1")[2]
