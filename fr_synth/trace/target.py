"""What a turn can be aimed at: the kinds of target, and how each is written.

A target is written as one word, which stands in the records and is read back by ``read_target``:

======  ==========================  =========================================================================
kind    written                     what the turn holds
======  ==========================  =========================================================================
tool    ``TOOL``                    a call of the tool that the user asks for
edge    ``PRODUCER>CONSUMER:KIND``        a call that takes a value of the kind from what an earlier one gave
chain   ``chain:LENGTH:TOOL``       a call at the end of as many calls as that, each on what the one before gave
error   ``error:TOOL:CODE``         a call that fails with the declared error, and one that works in the end
pair    ``pair:PRODUCER>CONSUMER:KIND``   an edge from one world of a composition to another
policy  ``policy:SETTER>TOOL:FACT`` a call that the rules forbid until another one has made the fact true
situation ``situation:NAME``          what somebody in a situation asks for at this point
aside   ``aside:NAME``              what is said besides, behind what somebody came for
======  ==========================  =========================================================================
"""

from __future__ import annotations

import functools
import re
from typing import TypeAlias

import msgspec
from typing_extensions import override

from fr_envs.errors import UsageError

__all__ = [
    "AsideTarget",
    "ChainTarget",
    "CrossDomainTarget",
    "EdgeTarget",
    "ErrorTarget",
    "RuleTarget",
    "SituationTarget",
    "Target",
    "ToolTarget",
    "read_target",
]


class ToolTarget(msgspec.Struct, frozen=True):
    """A tool that the user asks for.

    Attributes:
        tool: Its name.
    """

    tool: str

    @override
    def __str__(self) -> str:
        return self.tool


class EdgeTarget(msgspec.Struct, frozen=True):
    """An edge of the graph to walk along.

    Attributes:
        producer: Tool that gives a value.
        tool: Tool that takes it; the user asks for it.
        kind: Kind of the value.
    """

    producer: str
    tool: str
    kind: str

    @override
    def __str__(self) -> str:
        return f"{self.producer}>{self.tool}:{self.kind}"


class CrossDomainTarget(EdgeTarget, frozen=True):
    """An edge from one world of a composition to another; attributes as of any edge."""

    @override
    def __str__(self) -> str:
        return f"pair:{super().__str__()}"


class ChainTarget(msgspec.Struct, frozen=True):
    """A chain of calls, each on what the one before gave.

    Attributes:
        length: Least number of its calls.
        tool: Tool that the user asks for in the turn.
    """

    length: int
    tool: str

    @override
    def __str__(self) -> str:
        return f"chain:{self.length}:{self.tool}"


class ErrorTarget(msgspec.Struct, frozen=True):
    """An error to run into and recover from.

    Attributes:
        tool: Tool that fails at first; the user asks for it.
        code: The declared error.
    """

    tool: str
    code: str

    @override
    def __str__(self) -> str:
        return f"error:{self.tool}:{self.code}"


class RuleTarget(msgspec.Struct, frozen=True):
    """An order that the rules demand.

    Attributes:
        setter: Tool that makes the fact true.
        tool: Tool that is refused without it in this case; the user asks for it.
        fact: The fact.
    """

    setter: str
    tool: str
    fact: str

    @override
    def __str__(self) -> str:
        return f"policy:{self.setter}>{self.tool}:{self.fact}"


class SituationTarget(msgspec.Struct, frozen=True):
    """What somebody in a situation asks for.

    Attributes:
        name: Name of the situation.
    """

    name: str

    @property
    def tool(self) -> str:
        """No tool in particular."""
        return ""

    @override
    def __str__(self) -> str:
        return f"situation:{self.name}"


class AsideTarget(SituationTarget, frozen=True):
    """What is said besides, behind what somebody came for.

    Attributes:
        name: Name of the situation that holds it.
    """

    @override
    def __str__(self) -> str:
        return f"aside:{self.name}"


Target: TypeAlias = (
    ToolTarget | EdgeTarget | CrossDomainTarget | ChainTarget | ErrorTarget | RuleTarget | SituationTarget
)


_NAME = r"[^:>\s]+"
_FORMS: dict[str, type[ToolTarget | EdgeTarget | CrossDomainTarget | ErrorTarget | RuleTarget | SituationTarget]] = {
    rf"situation:({_NAME})": SituationTarget,
    rf"aside:({_NAME})": AsideTarget,
    rf"({_NAME})": ToolTarget,
    rf"({_NAME})>({_NAME}):({_NAME})": EdgeTarget,
    rf"pair:({_NAME})>({_NAME}):({_NAME})": CrossDomainTarget,
    rf"error:({_NAME}):({_NAME})": ErrorTarget,
    rf"policy:({_NAME})>({_NAME}):({_NAME})": RuleTarget,
}


@functools.lru_cache(maxsize=65536)
def read_target(text: str) -> Target:
    """Read a target as it stands in a record.

    Args:
        text: What ``str`` of a target gives.

    Raises:
        UsageError: It is none.

    Example:
        >>> read_target("list_accounts>transfer_funds:account_id").producer
        'list_accounts'
        >>> str(read_target("chain:4:pay_payee"))
        'chain:4:pay_payee'
    """
    chain = re.fullmatch(rf"chain:([1-9][0-9]?):({_NAME})", text)
    if chain is not None:
        return ChainTarget(int(chain.group(1)), chain.group(2))
    for form, target in _FORMS.items():
        match = re.fullmatch(form, text)
        if match is not None:
            return target(*match.groups())
    raise UsageError(
        f"no target {text!r}; give TOOL, PRODUCER>CONSUMER:KIND, chain:LENGTH:TOOL, error:TOOL:CODE, "
        "pair:PRODUCER>CONSUMER:KIND, policy:SETTER>TOOL:FACT, situation:NAME or aside:NAME"
    )
