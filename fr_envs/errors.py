"""The errors of the project, in one tree.

::

    FunReasonError
    ├── SpecError            a contract is wrong: file, JSON pointer, fix
    ├── UsageError           a caller asked for what cannot be: an unknown world, a bad option
    ├── StateError           a state cannot be read back or compared
    ├── RecordError          a record or a run folder cannot be read: file, line, fix
    ├── TeacherError         a teacher did not answer, or not in the form asked for
    ├── UserSlipError        a model that speaks as the user said what the person could not
    ├── ForeignToolError     a foreign tool died, hung, or did not keep its word: tool, problem, fix
    ├── ContractViolation    a handler breaks its own contract: a programmer's mistake, never an observation
    └── Refusal              a world says no to a call: becomes a ToolError that the agent observes

Every error survives pickling, so that a worker process can hand it to its parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

__all__ = [
    "ContractViolation",
    "ForeignToolError",
    "FunReasonError",
    "RecordError",
    "Refusal",
    "SpecError",
    "StateError",
    "TeacherError",
    "UsageError",
    "UserSlipError",
]


class FunReasonError(Exception):
    """Root of every error that the project raises on purpose."""


class SpecError(FunReasonError):
    """A contract is wrong.

    Attributes:
        file: Path or name of the contract.
        pointer: JSON pointer to the faulty place, ``""`` for the whole document.
        problem: What is wrong, in one line.
        fix: What to do about it, in one line.
        line: Line in the file, from 1; None where there is no file.
    """

    def __init__(self, file: str, pointer: str, problem: str, fix: str, line: int | None = None) -> None:
        """Keep the parts and compose the one-line message."""
        super().__init__(file, pointer, problem, fix, line)
        self.file = file
        self.pointer = pointer
        self.problem = problem
        self.fix = fix
        self.line = line

    @override
    def __str__(self) -> str:
        """Return ``file:line: pointer: problem; fix`` on one line."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.pointer or '/'}: {self.problem}; {self.fix}"


class UsageError(FunReasonError):
    """A caller asked for what cannot be; the message says what can."""


class StateError(FunReasonError):
    """A state cannot be read back, or two states cannot be compared."""


class RecordError(FunReasonError):
    """A record or a run folder cannot be read; the message names file, line and fix."""


class TeacherError(FunReasonError):
    """A teacher did not answer, or answered in a form that the request did not allow."""


class UserSlipError(FunReasonError):
    """A model that speaks as the user said what the person could not: the episode is worth nothing."""


class ForeignToolError(FunReasonError):
    """A foreign tool died, hung, or did not keep its word.

    Attributes:
        tool: Name of the tool, or of its server where no tool in particular is to blame.
        problem: What happened, in one line.
        fix: What to do about it, in one line.
    """

    def __init__(self, tool: str, problem: str, fix: str) -> None:
        """Keep the parts and compose the one-line message."""
        super().__init__(tool, problem, fix)
        self.tool = tool
        self.problem = problem
        self.fix = fix

    @override
    def __str__(self) -> str:
        """Return ``tool: problem; fix`` on one line."""
        return f"{self.tool}: {self.problem}; {self.fix}"


class ContractViolation(FunReasonError):
    """A handler breaks its own contract. A programmer's mistake: it is raised, not observed."""


class Refusal(FunReasonError):
    """A world says no to a call.

    Handlers raise it, as ``Refusal(code)`` or ``Refusal(code, message)``; ``Domain.apply`` turns it into a
    ``ToolError`` and hands back the state that came in.
    """

    if TYPE_CHECKING:  # the base class keeps both: one of Python's own would take as long as raising it does

        def __init__(self, code: str, message: str = "", /) -> None: ...

    @property
    def code(self) -> str:
        """One of the codes that the tool's contract declares."""
        code: str = self.args[0]
        return code

    @property
    def message(self) -> str:
        """What the agent reads; empty for the contract's own text."""
        message: str = self.args[1] if len(self.args) > 1 else ""
        return message
