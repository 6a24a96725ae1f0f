"""`funreason serve`, as a process.

1. Ctrl-C and SIGTERM end a server at once, with the exit code of a shell and one line, whatever its clients are at.
2. A client over standard input is served until it leaves; nothing but the protocol is on standard output.
3. A request that cannot be served is answered in one line before anything listens.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.serve.client import Client
from fr_synth.cli import main
from tests.fr_envs.serve.asking import date_task, written
from tests.processes import GUARD, started

if TYPE_CHECKING:
    from pathlib import Path

SERVE = [sys.executable, "-m", "fr_synth.cli", "serve"]


def address(process: subprocess.Popen[str]) -> str:
    """Where a server says that it is."""
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("serving banking at http://127.0.0.1:"), line
    assert line.endswith("; Ctrl-C ends it\n")
    return line.split(" at ")[1].split(";")[0]


@pytest.mark.slow
def test_a_signal_ends_a_server() -> None:
    command = [*SERVE, "http", "banking", "--port", "0"]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        url = address(process)
        with Client(url) as client, client.open(seed=7, scale="tiny") as session:
            assert session.call("get_date")["date"]
            host, port = url.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port))) as waiting:
                waiting.sendall(b"POST /sessions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\n{")
                client.ask("GET", "/health")
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=GUARD)
                session.close = lambda: None  # type: ignore[method-assign]  # nobody is there any more
        assert (process.returncode, out, err) == (130, "", "funreason: interrupted\n")


@pytest.mark.slow
def test_a_signal_ends_a_server_that_a_client_listens_to() -> None:
    mcp = pytest.importorskip("mcp")
    command = [*SERVE, "mcp", "banking", "--transport", "http", "--port", "0"]

    async def play(process: subprocess.Popen[str], url: str) -> None:
        async with mcp.Client(url, mode="legacy") as client:
            assert (await client.call_tool("get_date", {})).structured_content["date"]
            process.terminate()
            await asyncio.to_thread(process.wait, GUARD)

    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        asyncio.run(play(process, address(process)))
        assert process.stderr is not None
        assert (process.returncode, process.stderr.read()) == (143, "funreason: terminated\n")


def message(method: str, number: int | None = None, **params: object) -> str:
    body = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
    return json.dumps(body) + "\n"


HELLO = message(
    "initialize", 1, protocolVersion="2025-11-25", capabilities={}, clientInfo={"name": "test", "version": "0"}
)


@pytest.mark.slow
def test_a_client_is_served_over_standard_input(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    tasks = written(tmp_path / "tasks.jsonl", date_task(3), date_task(4))
    command = [*SERVE, "mcp", "banking", "--tasks", str(tasks), "--task", "day-4"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, **pipes) as process:
        said = [
            HELLO, message("notifications/initialized"), "{\n", "x" * 3_000_000 + "\n", "[" * 90_000 + "\n",
            message("tools/call", 2, name="get_date", arguments={}),
        ]  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(said))
        process.stdin.flush()
        by_number: dict[int | None, Any] = {}
        while 2 not in by_number:
            answer = json.loads(process.stdout.readline())
            by_number[answer.get("id")] = answer
        out, err = process.communicate(timeout=GUARD)  # the client leaves
    assert "What day is it?" in by_number[1]["result"]["instructions"]
    assert by_number[2]["result"]["structuredContent"]["date"]
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_server_on_standard_input(number: signal.Signals, code: int) -> None:
    pytest.importorskip("mcp")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started([*SERVE, "mcp", "banking"], **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(HELLO)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "banking"
        process.send_signal(number)
        assert process.wait(timeout=GUARD) == code
        assert process.stderr.read() == f"funreason: {'interrupted' if code == 130 else 'terminated'}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("mcp moon", "no world 'moon'; there are banking"),
        ("http banking moon", "no world 'moon'; there are banking"),
        ("mcp banking --task 3", "task '3': say of which tasks with --tasks RUN"),
        ("mcp banking --tasks {tasks} --task 9", "there is no task 9; give an identifier, or an index from 0 to 0"),
        ("mcp banking --tasks {tasks} --task 9 --transport http", "there is no task 9; give"),
        ("mcp banking --tasks {tasks} --seed 3", "a task brings its own seed and scale; leave out --seed"),
        ("mcp travel --tasks {tasks}", "{tasks} has no task for travel"),
        ("mcp banking --tasks {tmp}", "{tmp} holds no tasks.jsonl; give a run folder or a file of tasks"),
        ("mcp banking --seed -1", "seed -1: give an integer from 0"),
        ("mcp banking --max-steps 0", "max-steps 0: give at least 1"),
        ("http banking --port 65536", "port 65536: give a number from 0 to 65535"),
        ("http banking --ttl 0", "ttl 0.0: give seconds above 0"),
        ("http banking --ttl nan", "ttl nan: give seconds above 0"),
        ("http banking --max-sessions 0", "max-sessions 0: give at least 1"),
        ("http banking --host 0.0.0.0", "host 0.0.0.0: whoever reaches it could use the worlds; set FUNREASON_TOKEN"),
        ("http banking --token-file {tmp}/none", "{tmp}/none: No such file or directory"),
        ("http banking --host nowhere.invalid --token-file {tasks}", "{tasks}: a token is printable ASCII"),
        ("http banking --world {tmp}/none.yaml", "{tmp}/none.yaml"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FUNREASON_TOKEN", raising=False)
    places = {"tmp": tmp_path, "tasks": written(tmp_path / "some.jsonl", date_task(3))}
    assert main(["serve", *words.format(**places).split()]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("funreason: ")
    assert said.format(**places) in err


@pytest.mark.parametrize("part", ["mcp", "http"])
def test_help_is_there(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", part, "--help"])
    assert caught.value.code == 0
    assert "--max-sessions" in capsys.readouterr().out
