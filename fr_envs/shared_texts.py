"""Texts of any length between the processes of a vector environment, as Gymnasium's shared memory.

Gymnasium's own shared memory is an array of a fixed size, and a text has none. Here each environment of the vector has
an anonymous file that grows with what is written; the processes share its descriptor, so nothing has a name that would
outlive them. A worker writes before it says that its step is done, and the other side reads afterwards.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Sequence
from multiprocessing import reduction
from typing import TYPE_CHECKING, Any, overload

from gymnasium.vector.utils import create_shared_memory, read_from_shared_memory, write_to_shared_memory
from typing_extensions import override

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Protocol

    import gymnasium as gym

    class _Handed(Protocol):
        def detach(self) -> int: ...


__all__ = ["SharedText", "SharedTexts", "share"]

_LENGTH = 8
"""Bytes at the start of a file that say how many bytes of text follow."""


class SharedText:
    """One text that one process writes and another reads; it may be handed to a process as that starts.

    Args:
        descriptor: An open file; it is closed with this object.
    """

    def __init__(self, descriptor: int) -> None:
        """Take the file."""
        self._descriptor = descriptor
        weakref.finalize(self, os.close, descriptor)

    @classmethod
    def new(cls) -> SharedText:
        """Return an empty one."""
        if hasattr(os, "memfd_create"):
            return cls(os.memfd_create("funreason"))
        with tempfile.TemporaryFile() as file:
            return cls(os.dup(file.fileno()))

    def write(self, text: str) -> None:
        """Put a text in place of what is there."""
        data = text.encode("utf-8", "surrogatepass")
        left = memoryview(len(data).to_bytes(_LENGTH, "little") + data)
        at = 0
        while at < len(left):
            at += os.pwrite(self._descriptor, left[at:], at)

    def read(self) -> str:
        """Return what was written last, an empty text before."""
        length = int.from_bytes(os.pread(self._descriptor, _LENGTH, 0), "little")
        data = bytearray()
        while len(data) < length:
            data += os.pread(self._descriptor, length - len(data), _LENGTH + len(data))
        return data.decode("utf-8", "surrogatepass")

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (reduction.DupFd(self._descriptor),)


def _received(handed: _Handed) -> SharedText:
    return SharedText(handed.detach())


class SharedTexts(Sequence[str]):
    """The texts of all environments as they are now; a deep copy, which vectors hand out, is a tuple of them.

    Args:
        texts: One for each environment.
    """

    def __init__(self, texts: Sequence[SharedText]) -> None:
        """Take the texts."""
        self._texts = texts

    @override
    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    @override
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(text.read() for text in self._texts[index])
        return self._texts[index].read()

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        """Return the texts as they are now."""
        return self[:]


def share(space: type[gym.Space[str]]) -> None:
    """Let the observations of a space of texts be shared between the processes of ``AsyncVectorEnv``."""
    create_shared_memory.register(space, _create)
    read_from_shared_memory.register(space, _read)  # type: ignore[arg-type]  # a sequence, which no array could be
    write_to_shared_memory.register(space, _write)


def _create(space: gym.Space[str], n: int = 1, ctx: ModuleType | None = None) -> tuple[SharedText, ...]:
    return tuple(SharedText.new() for _ in range(n))


def _read(space: gym.Space[str], shared_memory: tuple[SharedText, ...], n: int = 1) -> SharedTexts:
    return SharedTexts(shared_memory)


def _write(space: gym.Space[str], index: int, value: str, shared_memory: tuple[SharedText, ...]) -> None:
    shared_memory[index].write(value)
