"""A world file: what a foreign world is, where it is found, and what its faulty tools do, in a few lines of YAML.

::

    name: desk               # what records call it; the file's name up to its first dot if left out
    python: my_desk:Desk     # or mcp: python notes_server.py, or openapi: shop.json, or domain: my_shop:SHOP
    contract: desk.yaml      # optional: kinds, facts, words; ``funreason spec infer`` writes it, a person corrects it
    on_bad_tool: skip        # or stop, the default

Paths are taken from the file's folder, and so is the Python module where it is not installed. The file is the user's
own word: a record names a world and never says what it is.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import logging
import sys
import urllib.request
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
import yaml

from fr_envs.adapters.faulty_tools import read_sound
from fr_envs.adapters.foreign import domain_name, told_at_once
from fr_envs.adapters.lists.tool_lists import load_tool_list, read_tools
from fr_envs.adapters.mcp.client import GoingBack, HttpServer, StdioServer, mcp_world, server_of
from fr_envs.adapters.mcp.resets import Reset, reset_of
from fr_envs.adapters.openapi.files import load_document
from fr_envs.adapters.openapi.http_world import HttpWorld, openapi_world
from fr_envs.adapters.python.objects import TIME_LIMIT, Handling, domain_from_object
from fr_envs.adapters.sampling_hooks import entities_of, suggestions_of, without_examples
from fr_envs.adapters.simulated.world import simulated_world
from fr_envs.adapters.watchdog import first_line, run_within
from fr_envs.adapters.words.wording import worded
from fr_envs.errors import ForeignToolError, SpecError, UsageError
from fr_envs.registration import register_world
from fr_envs.world.domain import Domain
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from fr_envs.adapters.foreign import OnError
    from fr_envs.adapters.replaying import RemoteWorld
    from fr_envs.contract.spec import DomainSpec

__all__ = ["WorldFile", "load_docs", "read_world", "ready"]

_LOG = logging.getLogger("fr_envs")

_PATIENCE = 30.0  # seconds that a server may take if nothing else is said; starting one takes a few


class _Contract(NamedTuple):
    """A corrected contract, if there is one, and its tools that are left out."""

    spec: DomainSpec | None
    left_out: tuple[str, ...]


class WorldFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a world file says. Picklable, so that worker processes come by the same world.

    Attributes:
        name: Short name, which records carry.
        python: ``MODULE:NAME`` of a class or function that makes the object whose methods are tools; None if it is not
            one.
        domain: ``MODULE:NAME`` of a ``Domain``, ready as it is, or of what makes one; None likewise.
        mcp: URL or command line of an MCP server; None likewise.
        openapi: File of an OpenAPI 3 document; None likewise.
        simulated: File of a tool list behind which a backend is made up; None likewise.
        contract: File of a corrected contract; None for what the tools say of themselves.
        docs: File of function docs of the Python object's methods; None for hints and docstrings.
        ignored: Attributes of the Python object, at any depth, that no tool reads.
        only: Tags and operations of the OpenAPI document to take; all if empty.
        tools: Methods of the Python object that are tools; None for those marked, else those with a docstring.
        error_member: Member of a Python tool's result that tells of a failure; None where tools raise.
        base_url: Where the service of the OpenAPI document is; its first server if empty.
        forks: Whether an MCP server may be taken back to an earlier state; None for where it can.
        reset: What puts the world into its first state. For a service, a URL, or path below ``base_url``, that is sent
            a POST; without, no dialogues can be made. For an MCP server, a tool, a command or a folder; without, it is
            started anew.
        fresh: Every connection to an MCP server over HTTP finds it in its first state.
        answers: File in which every answer of a server or service is kept, and from which it is taken when it stands
            there; None for none.
        time_limit: Seconds that a call may take; None for 5 in a Python object and 30 elsewhere.
        on_bad_tool: What a faulty tool does: stop everything with its error, or be left out and named.
        folder: Folder that paths are taken from.
    """

    name: str = ""
    python: str | None = None
    domain: str | None = None
    mcp: str | None = None
    openapi: str | None = None
    simulated: str | None = None
    contract: str | None = None
    docs: str | None = None
    ignored: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    tools: tuple[str, ...] | None = None
    error_member: str | None = None
    base_url: str = ""
    reset: str | Reset | None = None
    forks: Literal["replay", "refuse"] | None = None
    fresh: bool = False
    answers: str | None = None
    time_limit: float | None = None
    on_bad_tool: Literal["stop", "skip"] = "stop"
    folder: str = "."

    def load(self) -> Domain[Any]:
        """Build the world: reach its tools, take the contract, and add the words that dialogues are made of.

        Raises:
            UsageError: The Python object cannot be found, or is none.
            SpecError: A tool or the contract is faulty, and such stop.
            ForeignToolError: A server does not start, dies or hangs.
        """
        return ready(self.bare()) if self.domain is None else self._domain(self.domain)

    def bare(self, *, contract: bool = True) -> Domain[Any]:
        """Build the world as its owner describes it, without words.

        Args:
            contract: Take the corrected contract, if there is one.

        Raises:
            UsageError: The Python object cannot be found, or is none.
            SpecError: A tool or the contract is faulty, and such stop.
            ForeignToolError: A server does not start, dies or hangs.
        """
        if self.domain is not None:
            return self._domain(self.domain)
        spec, left_out = self._contract() if contract else _Contract(None, ())
        if spec is not None and spec.name != self.name:
            problem, fix = f"is the contract of {spec.name!r}, not of {self.name!r}", "give both the same name"
            raise SpecError(spec.source, "/name", problem, fix)
        if self.python is not None:
            domain = self._python(self.python, spec)
        elif self.simulated is not None:
            domain = self._simulated(self.simulated, spec)
        else:
            remote = self._openapi(self.openapi, spec) if self.openapi is not None else self._mcp(self.mcp or "", spec)
            if self.answers is not None:
                remote.keep_answers(self._path(self.answers))
            _OPEN.add(remote)
            domain = remote.domain
        domain.left_out = (*left_out, *domain.left_out)
        return domain

    @property
    def shared(self) -> bool:
        """Whether it is one live service for every process that uses it."""
        if isinstance(self.reset, Reset) and self.reset.tool is None:
            return True  # one folder, one place that a command cleans
        return self.openapi is not None or (self.mcp is not None and isinstance(server_of(self.mcp), HttpServer))

    @property
    def goes_back(self) -> bool:
        """Whether its states can be gone back to, which inference and proofs rest on."""
        if self.forks is not None:
            return self.forks == "replay"
        if self.reset is not None or (self.openapi is None and self.mcp is None):
            return True
        return self.mcp is not None and (self.fresh or isinstance(server_of(self.mcp), StdioServer))

    def register(self) -> str:
        """Make the world usable by name wherever a shipped one is; return its Gymnasium id.

        Raises:
            UsageError: Its name is that of a shipped world.
        """
        return register_world(self.name, self.load, shared=self.shared)

    def _contract(self) -> _Contract:
        if self.contract is None:
            return _Contract(None, ())
        path = self._path(self.contract)
        if not path.exists():
            fix = "write it with funreason spec infer, or leave contract: out"
            raise SpecError(str(path), "", "is not there, and the world file names it", fix)
        return _Contract(*read_sound(path, self.on_bad_tool))

    def _path(self, name: str) -> Path:
        return Path(self.folder) / name

    def _domain(self, place: str) -> Domain[Any]:
        found = _found("domain", place, self.folder)
        if callable(found) and not isinstance(found, Domain):
            found = run_within(None, found).value
        if not isinstance(found, Domain):
            raise UsageError(f"domain: {place!r} is no Domain, and makes none")
        return found

    def _python(self, place: str, spec: DomainSpec | None) -> Domain[Any]:
        factory = _found("python", place, self.folder)
        if not callable(factory):
            raise UsageError(f"python: {place!r} makes nothing: give a class, or a function that makes the object")
        docs = None if self.docs is None else load_docs(self._path(self.docs))
        handling = Handling(
            self.ignored, report=functools.partial(_report, self.name), on_error=self.on_bad_tool,
            error_member=self.error_member, tools=self.tools,
        )  # fmt: skip
        return domain_from_object(
            factory, name=self.name, docs=docs, spec=spec, time_limit=self.time_limit or TIME_LIMIT,
            handling=handling,
        )  # fmt: skip

    def _simulated(self, given: str, spec: DomainSpec | None) -> Domain[Any]:
        path = self._path(given)
        imported = read_tools(load_tool_list(path), name=self.name, source=str(path), on_error=self.on_bad_tool)
        world = simulated_world(imported.spec, spec)
        world.left_out = tuple(told_at_once(imported.skipped))
        return world

    def _mcp(self, given: str, spec: DomainSpec | None) -> RemoteWorld:
        server = server_of(given)
        if isinstance(server, StdioServer):
            server = msgspec.structs.replace(server, folder=self.folder)
        else:
            server = msgspec.structs.replace(server, fresh=self.fresh)
        patience = self.time_limit or _PATIENCE
        if isinstance(self.reset, str):
            raise UsageError(f"reset: {self.reset!r} is none for an MCP server; give tool, command or folder")
        reset = None if self.reset is None else reset_of(self.reset, self.folder, patience)
        tool = None if self.reset is None else self.reset.tool
        return mcp_world(
            server, name=self.name, spec=spec, timeout=patience, on_error=self.on_bad_tool,
            going_back=GoingBack(self.forks, reset, tool),
        )  # fmt: skip

    def _openapi(self, given: str, spec: DomainSpec | None) -> RemoteWorld:
        if isinstance(self.reset, Reset):
            raise UsageError("reset: give a URL, or a path below base_url, that takes a POST")
        url = self.reset
        if url is not None and not url.startswith(("http://", "https://")):
            url = f"{self.base_url.rstrip('/')}/{url.lstrip('/')}"
        reset = None if url is None else functools.partial(_post, self.name, url, self.time_limit or _PATIENCE)
        patience = self.time_limit or _PATIENCE
        access = HttpWorld(base_url=self.base_url, timeout=patience, reset=reset, reset_url=url or "")
        document = load_document(self._path(given))
        return openapi_world(document, access, name=self.name, spec=spec, on_error=self.on_bad_tool, only=self.only)


_OPEN: weakref.WeakSet[RemoteWorld] = weakref.WeakSet()
"""Worlds that live elsewhere and were loaded here; there may be processes behind them."""


def close_worlds() -> None:
    """Let go of every connection of the worlds that were loaded from files, and so of the servers started for them.

    A world can still be played: its next call opens another connection.
    """
    for remote in list(_OPEN):
        remote.close()


atexit.register(close_worlds)

_SOURCES = ("python", "mcp", "openapi", "simulated", "domain")


def read_world(path: str | Path, *, on_bad_tool: OnError | None = None) -> WorldFile:
    """Read a world file.

    Args:
        path: The file.
        on_bad_tool: What faulty tools do, in place of what the file says.

    Raises:
        SpecError: It cannot be read, or is no world file.
    """
    path = Path(path)
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a world file") from error
    except yaml.YAMLError as error:
        raise SpecError(str(path), "", f"is no YAML: {str(error).splitlines()[0]}", "fix the syntax there") from error
    if not isinstance(data, dict) or sum(source in data for source in _SOURCES) != 1:
        raise SpecError(str(path), "", "does not say where its tools are", f"give one of {', '.join(_SOURCES)}")
    given = {"name": domain_name(path.name.partition(".")[0]), **data, "folder": str(path.parent.resolve())}
    if on_bad_tool is not None:
        given["on_bad_tool"] = on_bad_tool
    try:
        return msgspec.convert(given, WorldFile)
    except msgspec.ValidationError as error:
        known = ", ".join(name for name in WorldFile.__struct_fields__ if name != "folder")
        raise SpecError(str(path), "", f"is no world file: {error}", f"it can have {known}") from error


def load_docs(path: Path) -> list[dict[str, Any]]:
    """Read function docs from a file: a JSON list, or a doc a line.

    Raises:
        SpecError: It cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if text.lstrip()[:1] == "[" else [json.loads(line) for line in text.splitlines()]
    except (OSError, ValueError) as error:
        raise SpecError(str(path), "", f"holds no function docs: {error}", "give a JSON list, or one a line") from error
    return [doc for doc in found if isinstance(doc, dict)]


def ready(domain: Domain[Any]) -> Domain[Any]:
    """Make a foreign world ready for dialogues: with words, values to say, and things to mean."""
    spec = worded(domain.spec)
    hooks = domain.hooks._replace(suggest={**suggestions_of(spec), **domain.hooks.suggest})
    spec = without_examples(spec)
    made = Domain(spec, domain.handlers, hooks)
    made = Domain(spec, domain.handlers, hooks._replace(entities={**entities_of(made), **domain.hooks.entities}))
    made.left_out = domain.left_out
    return made


def _report(world: str, text: str) -> None:
    _LOG.warning("%s: %s", world, text)


def _found(key: str, place: str, folder: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Import what a world file names; its folder is looked in where nothing is installed under that name."""
    module, _, name = place.partition(":")
    if not module or not name:
        raise UsageError(f"{key}: {place!r} is no MODULE:NAME, such as my_desk:Desk")
    if module.endswith((".py", "/")) or "/" in module:
        meant = f"{Path(module).stem}:{name}"
        raise UsageError(f"{key}: {place!r} names a file; give MODULE:NAME, such as {meant}, found from {folder}")
    if folder not in sys.path:
        sys.path.append(folder)
    ran = run_within(None, functools.partial(_imported, module, name))  # a module can raise anything
    if ran.raised is not None:
        problem = first_line(ran.raised)
        raise UsageError(
            f"{key}: {place!r} cannot be found: {problem}; is it in {folder}, or installed?"
        ) from ran.raised
    return ran.value


def _imported(module: str, name: str) -> Any:  # noqa: ANN401 - whatever stands there
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _post(world: str, url: str, timeout: float) -> None:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=b"", method="POST"), timeout=timeout):
            pass
    except OSError as error:
        raise ForeignToolError(world, f"cannot be reset at {url}: {error}", "see that the service runs") from error
