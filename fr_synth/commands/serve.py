"""``funreason serve``: worlds for agents and trainers elsewhere, over MCP and HTTP."""

from __future__ import annotations

import gc
import importlib.util
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, take_worlds, world_options
from fr_synth.commands.rewards import reward_options, reward_rules

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from starlette.types import ASGIApp

    from fr_envs.serve.sessions import Worlds
    from fr_envs.world.domain import Scale

__all__ = ["COMMAND"]

_FIRST_ERROR = 128  # what a shell adds to the number of a signal that ended a command


def _options(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(required=True, metavar="mcp|http")
    mcp = parts.add_parser("mcp", help="serve a world to clients of the Model Context Protocol")
    mcp.add_argument("domain", metavar="DOMAIN", help="the world, or A+B for several as one")
    mcp.add_argument(
        "--transport", choices=("stdio", "http"), default="stdio",
        help="one client over standard input and output, or many over streamable HTTP (default: stdio)",
    )  # fmt: skip
    mcp.add_argument("--seed", type=int, help="seed of the first state (default: 0)")
    mcp.add_argument("--scale", choices=_SCALES, help="size of the first state (default: small)")
    mcp.add_argument(
        "--task", metavar="ID|N", help="which of --tasks to play: its identifier, or its index (default: 0)"
    )
    _shared_options(mcp)
    mcp.set_defaults(part=_mcp)
    http = parts.add_parser("http", help="serve worlds over HTTP, with sessions side by side and an OpenAPI document")
    http.add_argument("domains", nargs="*", metavar="DOMAIN", help="worlds (default: every shipped one, and --world)")
    _shared_options(http)
    http.set_defaults(part=_http)


_SCALES = ("tiny", "small", "medium", "large", "busy")


def _shared_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tasks", type=Path, metavar="RUN", help="run folder, or file of tasks, to play from")
    parser.add_argument("--max-steps", type=int, metavar="N", help="steps that a turn may take (default: 50 in a task)")
    reward_options(parser)
    world_options(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE",
        help="file with the token that clients have to give (default: the variable FUNREASON_TOKEN); "
        "needed on any address but this machine's own",
    )  # fmt: skip
    parser.add_argument(
        "--ttl",
        type=float,
        default=900,
        metavar="SECONDS",
        help="a session unused for so long is closed (default: 900)",
    )
    parser.add_argument(
        "--max-sessions", type=int, default=1024, metavar="N", help="sessions open at once (default: 1024)"
    )


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError

    checks = (
        ("max-steps", options.max_steps, options.max_steps is None or options.max_steps >= 1, "give at least 1"),
        ("port", options.port, 0 <= options.port < 65536, "give a number from 0 to 65535"),
        ("ttl", options.ttl, 0 < options.ttl <= 1e7, "give seconds above 0"),
        ("max-sessions", options.max_sessions, options.max_sessions >= 1, "give at least 1"),
    )
    for name, value, holds, fix in checks:
        if not holds:
            raise UsageError(f"{name} {value}: {fix}")
    code: int = options.part(options)
    return code


def _mcp(options: argparse.Namespace) -> int:
    """Serve one world over MCP.

    Raises:
        UsageError: Something in the request is wrong, or the protocol's package is not installed.
    """
    _must_have("mcp", "mcp", "starlette", "uvicorn")
    from fr_envs.serve.mcp_transports import mcp_app, serve_stdio
    from fr_envs.serve.sessions import Beginning

    take_worlds(options)
    worlds = _worlds(options, [options.domain])
    beginning = Beginning(options.domain, *_start(options))
    if options.transport == "stdio":
        return _ended(serve_stdio(worlds, beginning))
    worlds.check(beginning)
    app = mcp_app(worlds, beginning, ttl=options.ttl, most=options.max_sessions, token=_token(options))
    return _listen(app, options, "/mcp", [options.domain])


def _start(options: argparse.Namespace) -> tuple[int, Scale, str | None]:
    """Return seed, scale and task of each session.

    Raises:
        UsageError: They do not go together.
    """
    from fr_envs.errors import UsageError

    if options.task is not None and options.tasks is None:
        raise UsageError(f"task {options.task!r}: say of which tasks with --tasks RUN")
    if options.tasks is not None and (options.seed is not None or options.scale is not None):
        raise UsageError("a task brings its own seed and scale; leave out --seed and --scale, or --tasks")
    if options.seed is not None and not 0 <= options.seed < 2**63:
        raise UsageError(f"seed {options.seed}: give an integer from 0")
    task = None if options.tasks is None else options.task or "0"
    return options.seed or 0, options.scale or "small", task


def _http(options: argparse.Namespace) -> int:
    """Serve worlds over HTTP.

    Raises:
        UsageError: Something in the request is wrong, or the server's packages are not installed.
    """
    _must_have("serve", "starlette", "uvicorn")
    from fr_envs import domain_names
    from fr_envs.serve.http import http_app
    from fr_envs.serve.sessions import Sessions

    own = take_worlds(options)
    names = list(dict.fromkeys(options.domains or (*domain_names(), *own)))
    sessions = Sessions(_worlds(options, names), ttl=options.ttl, most=options.max_sessions)
    return _listen(http_app(sessions, token=_token(options)), options, "", names)


def _must_have(extra: str, *packages: str) -> None:
    from fr_envs.errors import UsageError

    if any(importlib.util.find_spec(name) is None for name in packages):
        raise UsageError(f"serving needs further packages: pip install 'funreason[{extra}]'")


def _worlds(options: argparse.Namespace, names: Sequence[str]) -> Worlds:
    from fr_envs.serve.sessions import Worlds
    from fr_envs.serve.tasks import TaskShelf

    worlds = Worlds(names, rules=reward_rules(options), max_steps=options.max_steps)
    worlds.shelf = None if options.tasks is None else TaskShelf(options.tasks, names)
    return worlds


def _token(options: argparse.Namespace) -> str | None:
    from fr_envs.serve.listening import read_token

    return read_token(options.token_file, options.host)


def _listen(app: ASGIApp, options: argparse.Namespace, path: str, names: Sequence[str]) -> int:
    from fr_envs.serve.listening import bound, serve_app

    with bound(options.host, options.port) as listener:
        host = f"[{options.host.strip('[]')}]" if ":" in options.host else options.host
        url = f"http://{host}:{listener.getsockname()[1]}{path}"
        sys.stderr.write(f"serving {', '.join(names)} at {url}; Ctrl-C ends it\n")
        sys.stderr.flush()
        return _ended(serve_app(app, listener))


def _ended(number: int) -> int:
    """Return the exit code after a signal, and say that one came."""
    gc.freeze()  # Python looks for cycles when it ends, for many seconds in the states of big worlds
    if not number:
        return 0
    sys.stderr.write(f"funreason: {'interrupted' if number == signal.SIGINT else 'terminated'}\n")
    return _FIRST_ERROR + number


COMMAND = Command(
    name="serve",
    summary="Serve worlds to agents and trainers elsewhere, over the Model Context Protocol or over HTTP.",
    examples=(
        "funreason serve mcp banking --seed 7",
        "funreason serve mcp travel --transport http --port 8001",
        "funreason serve mcp banking --tasks runs/first --task 3",
        "funreason serve http",
        "funreason serve http banking travel --tasks runs/first --ttl 300 --max-sessions 256",
        "funreason serve http --tasks runs/first --pay end --errors terse",
        "funreason serve http --host 0.0.0.0 --token-file token.txt",
    ),
    options=_options,
    run=_run,
)
