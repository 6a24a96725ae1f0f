"""The client of the HTTP interface, and the server on a port.

1. A session through the client is the session itself; what the server refuses is one error with its status.
2. A server that ends breaks off what does not end by itself, and says so to nobody.
3. A token stands in a file or a variable; an address that others reach is refused without one.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from fr_envs.episode.session import Session
from fr_envs.errors import UsageError
from fr_envs.serve.client import Client, ServerProblem
from fr_envs.serve.http import http_app
from fr_envs.serve.listening import TOKEN, bound, in_background, read_token
from fr_envs.serve.sessions import Sessions, Worlds
from fr_envs.serve.tasks import TaskShelf
from tests.fr_envs.serve.asking import date_of, date_task, written

if TYPE_CHECKING:
    from pathlib import Path


def sessions(tasks: Path | None = None, *, most: int = 8) -> Sessions:
    shelf = None if tasks is None else TaskShelf(tasks, ["banking"])
    return Sessions(Worlds(["banking"], shelf=shelf), ttl=60, most=most)


def test_a_session_through_the_client_is_the_session() -> None:
    here = Session("banking")
    here.reset(seed=7, scale="tiny")
    store = sessions()
    with in_background(http_app(store)) as url, Client(url) as client:
        with client.open("banking", seed=7, scale="tiny") as there:
            assert (there.standing["tools"], there.digest) == (here.tools, here.digest)
            assert there.call("get_date") == here.call("get_date")
            assert there.call("get_account", {"account_id": "x"}) == here.call("get_account", {"account_id": "x"})
            assert there.act({"name": "get_date", "arguments": {}})["results"] == [here.call("get_date")]
            assert (there.digest, there.now()["over"]) == (here.digest, False)
            assert len(store) == 1
        assert len(store) == 0
        with pytest.raises(ServerProblem, match="there is no such session") as caught:
            there.call("get_date")
        assert caught.value.status == 404


def test_a_task_through_the_client(tmp_path: Path) -> None:
    store = sessions(written(tmp_path / "tasks.jsonl", date_task(3)), most=1)
    with in_background(http_app(store, token="sesame")) as url:
        with Client(url) as stranger, pytest.raises(ServerProblem, match="give the server's token") as caught:
            stranger.tasks()
        assert caught.value.status == 401
        with Client(f"{url}/", token="sesame") as client:
            assert client.tasks() == [{"index": 0, "id": "day-3", "domain": "banking"}]
            session = client.open(task=0)
            with pytest.raises(ServerProblem, match="1 sessions are open") as full:
                client.open(task=0)
            assert full.value.status == 503
            session.call("get_date")
            assert session.say(f"It is {date_of(3)}.")["verdict"]["score"] == 1.0
            assert session.score()["score"] == 1.0


def test_more_than_the_server_takes_is_answered_too() -> None:
    with in_background(http_app(sessions())) as url, Client(url) as client:
        with pytest.raises(ServerProblem, match="longer than 1048576 bytes"):
            client.ask("POST", "/sessions", {"domain": "x" * 10_000_000})
        assert client.ask("GET", "/health") == {"status": "ok"}


def test_what_is_no_server_is_said() -> None:
    with pytest.raises(UsageError, match="is no address of a server"):
        Client("ftp://127.0.0.1")
    with bound("127.0.0.1", 0) as silent:
        port = silent.getsockname()[1]

        def hang_up() -> None:
            for answer in (b"HTTP/1.1 500 No\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]", b""):
                caller, _ = silent.accept()
                caller.recv(1000)
                caller.sendall(answer)
                caller.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with Client(f"http://127.0.0.1:{port}") as client:
            with pytest.raises(ServerProblem, match="the server answered 500"):
                client.ask("GET", "/health")
            with pytest.raises(ConnectionError):
                client.ask("GET", "/health")
        thread.join()
    with Client(f"http://127.0.0.1:{port}") as client, pytest.raises(OSError, match="refused"):
        client.ask("GET", "/health")


def test_a_request_that_never_comes_does_not_keep_a_server(capfd: pytest.CaptureFixture[str]) -> None:
    with in_background(http_app(sessions())) as url:
        host, port = url.removeprefix("http://").split(":")
        waiting = socket.create_connection((host, int(port)))
        waiting.sendall(b"POST /sessions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\n{")
        with Client(url) as client:
            client.ask("GET", "/health")  # so that the other one has been read
    waiting.settimeout(30)
    assert waiting.recv(1000) == b""
    waiting.close()
    assert capfd.readouterr().err == ""


# --------------------------------------------------------------------------------------------------------- tokens


def test_a_token_comes_from_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("from-file\n")
    monkeypatch.delenv(TOKEN, raising=False)
    assert read_token(None, "127.0.0.1") is None
    assert read_token(None, "::1") is None
    assert read_token(file, "127.0.0.1") == "from-file"
    for host in ("0.0.0.0", "::", "worlds.example"):
        with pytest.raises(UsageError, match=f"host {host}: .*set {TOKEN}, or give --token-file"):
            read_token(None, host)
    monkeypatch.setenv(TOKEN, "from-variable")
    assert read_token(None, "0.0.0.0") == "from-variable"
    assert read_token(file, "0.0.0.0") == "from-file"


@pytest.mark.parametrize("text", ["", "\n", "two words", "line\nline", "schlüssel", "\x00"])
def test_what_cannot_stand_in_a_header_is_no_token(text: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(text)
    with pytest.raises(UsageError, match="a token is printable ASCII without spaces"):
        read_token(file, "127.0.0.1")


def test_a_port_that_is_taken_is_named() -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1 port {port}: .*give another"):
            bound("127.0.0.1", port)
    with pytest.raises(UsageError, match=r"cannot listen on nowhere\.invalid"):
        bound("nowhere.invalid", 80)
