"""Methods of TRL's environments: how one is found on a class, on the instance that TRL looks at, and in a rollout."""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING

from fr_envs.trainers.parts.trl_world import World

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["REPLY_METHOD", "ToolMethod"]


class ToolMethod:
    """A method of environments; those that show a tool alike share it.

    When TRL starts, it takes an instance of each class, looks its methods up once, and compares each with all that it
    has seen. Bound methods of two instances are never equal, so that this would take time with the square of the number
    of classes. Hence what TRL finds then is one and the same object wherever a tool is alike: it tells what the tool is
    and cannot play. Each rollout looks its methods up anew, and finds those of its own instance.

    Args:
        function: The function whose first argument is the instance.
    """

    __slots__ = ("_function", "_told")

    def __init__(self, function: Callable[..., str]) -> None:
        """Take the function."""
        self._function = function
        self._told = MethodType(function, _NOBODY)

    def __get__(self, world: World | None, owner: type[World]) -> Callable[..., str]:
        """Return the function of a class, the method of an instance."""
        if world is None:
            return self._function
        seen, name = world._looked_at, self._function.__name__
        if seen is None or name in seen:
            return MethodType(self._function, world)
        seen.add(name)
        return self._told


_NOBODY = World()


def reply_to_user(self: World, message: str) -> str:  # noqa: D417 - `self` is no argument of the tool
    """Answer the user; that ends the turn.

    Args:
        message: What you say to the user.

    Returns:
        What the user says next.
    """
    return self._say(message)


reply_to_user.__annotations__ = {"message": str, "return": str}  # which TRL evaluates
REPLY_METHOD = ToolMethod(reply_to_user)
"""The tool that answers the user."""
