"""View: what an agent is offered of a world. Other names, other descriptions, fewer tools, another order.

A view is data: it says which tools there are, in which order, and how each and its parameters are called. A world
knows nothing of it; ``fr_envs.world.lens`` holds one against a contract, and sessions look through that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json

__all__ = ["ToolView", "View", "checked_view", "read_view", "view_faults"]

_TOOL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")  # as the contract's own


class ToolView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One tool as it is offered.

    Attributes:
        tool: Its name in the contract.
        name: The name under which it is offered; empty for its own.
        description: What is said of it; empty for what the contract says.
        parameters: Name in the contract -> name under which it is offered, of those that have another one.
        omitted: Optional parameters that are not offered.
    """

    tool: str
    name: str = ""
    description: str = ""
    parameters: dict[str, str] = {}
    omitted: tuple[str, ...] = ()

    @property
    def offered(self) -> str:
        """The name under which it is offered."""
        return self.name or self.tool

    @property
    def renames(self) -> bool:
        """Whether a call of it is written otherwise than the contract has it."""
        return bool(self.name or self.parameters or self.omitted)


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent is offered: tools in their order, each under a name of its own.

    Attributes:
        tools: At least one; no tool twice, no name twice.

    Example:
        >>> view = View((ToolView("get_date", name="today"), ToolView("list_cards")))
        >>> [each.offered for each in view.tools], view.renames
        (['today', 'list_cards'], True)
    """

    tools: tuple[ToolView, ...]

    @property
    def renames(self) -> bool:
        """Whether calls are written otherwise than the contract has them; without that it only picks and orders."""
        return any(each.renames for each in self.tools)

    def contract_call(self, name: str, arguments: Json) -> tuple[str, Json]:
        """Return (tool, arguments) of a call as the contract names them; what the view does not speak of stays.

        Args:
            name: The tool as it is offered.
            arguments: By the names that are offered.
        """
        each = next((each for each in self.tools if each.offered == name), None)
        if each is None or not isinstance(arguments, dict):
            return name if each is None else each.tool, arguments
        own = {offered: parameter for parameter, offered in each.parameters.items()}
        return each.tool, {own.get(key, key): value for key, value in arguments.items()}

    def offered_call(self, name: str, arguments: Json) -> tuple[str, Json]:
        """Return (tool, arguments) of a call of the contract's as they are offered; undoes ``contract_call``."""
        each = next((each for each in self.tools if each.tool == name), None)
        if each is None or not isinstance(arguments, dict):
            return name if each is None else each.offered, arguments
        return each.offered, {each.parameters.get(key, key): value for key, value in arguments.items()}

    def to_json(self) -> str:
        """Return the view as JSON text, which ``read_view`` reads."""
        return msgspec.json.encode(self).decode()


def read_view(given: View | Mapping[str, Json] | str | bytes) -> View:
    """Take a view as it is, as plain data, or as JSON text.

    Raises:
        UsageError: It has another form.
    """
    if isinstance(given, View):
        return given
    try:
        return msgspec.json.decode(given, type=View) if isinstance(given, str | bytes) else msgspec.convert(given, View)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise UsageError(f"this is no view: {error}") from error


def checked_view(view: View, spec: DomainSpec, needed: Collection[str] = ()) -> View:
    """Return a view that fits a contract.

    Args:
        view: The view.
        spec: The contract.
        needed: Tools that it has to offer.

    Raises:
        UsageError: It does not fit; the message names the first fault and how it is mended.
    """
    for fault in view_faults(view, spec, needed):
        raise UsageError(f"the view does not fit {spec.name!r}: {fault}")
    return view


def view_faults(view: View, spec: DomainSpec, needed: Collection[str] = ()) -> Iterator[str]:
    """Iterate over what keeps a view from fitting a contract, in words."""
    if not view.tools:
        yield "it offers no tool; give at least one"
    seen: set[str] = set()
    names: dict[str, str] = {}
    for each in view.tools:
        tool = spec.tools.get(each.tool)
        if tool is None:
            yield f"it offers {each.tool!r}, which the world has not; take it out"
            continue
        if each.tool in seen:
            yield f"it offers {each.tool!r} twice; take one out"
        seen.add(each.tool)
        if each.offered in names:
            yield f"{names[each.offered]!r} and {each.tool!r} are both called {each.offered!r}; give them two names"
        names.setdefault(each.offered, each.tool)
        if each.name and not _TOOL_NAME.fullmatch(each.name):
            yield f"{each.name!r} is no name of a tool; take letters, digits, _ . and -, 64 at most"
        yield from _parameter_faults(each, tool)
    for lost in [name for name in needed if name not in seen]:
        yield f"it lacks {lost!r}, which is needed; add it"


def _parameter_faults(view: ToolView, tool: ToolSpec) -> Iterator[str]:
    at = f"of {tool.name!r}"
    for name in (*view.parameters, *view.omitted):
        if name not in tool.parameters:
            yield f"it speaks of a parameter {name!r} {at}, which there is not; take it out"
    for name in view.omitted:
        if name in tool.parameters and tool.parameters[name].required:
            yield f"it omits {name!r} {at}, which is required; offer it"
        if name in view.parameters:
            yield f"it both omits and renames {name!r} {at}; decide for one"
    yield from _name_faults(view, [name for name in tool.parameters if name not in view.omitted], at)


def _name_faults(view: ToolView, parameters: Collection[str], at: str) -> Iterator[str]:
    names: dict[str, str] = {}
    for name in parameters:
        offered = view.parameters.get(name, name)
        if not (offered.strip() and offered.isprintable() and len(offered) <= _LONGEST):
            yield f"{offered!r} is no name of a parameter {at}; take {_LONGEST} printable characters at most"
        if offered in names:
            yield f"{names[offered]!r} and {name!r} {at} are both called {offered!r}; give them two names"
        names.setdefault(offered, name)


_LONGEST = 64
