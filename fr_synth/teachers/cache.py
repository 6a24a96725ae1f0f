"""CachedTeacher: replies on disk, by what was asked, so that a run repeated costs no call and gives the same bytes.

The cache is one SQLite file, which any number of processes may share. Where two of them ask the same at once, the
first reply that is stored is the one that both get. An error is never stored.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, final

import msgspec
from typing_extensions import override

from fr_envs.errors import TeacherError
from fr_synth.teachers.endpoint.store import ReplyStore, StoreError
from fr_synth.teachers.protocol import TeacherReply

if TYPE_CHECKING:
    import os

    from fr_synth.teachers.protocol import Teacher, TeacherRequest

__all__ = ["CachedTeacher", "request_key"]


def request_key(request: TeacherRequest, teacher: str) -> bytes:
    """Return the SHA-256 of role, material and seed together with the teacher's name; the guide has no part in it.

    Example:
        >>> from fr_synth.teachers.protocol import TeacherRequest
        >>> one = TeacherRequest("critic", {"faults": [], "messages": []}, guide={"calls": []})
        >>> same = TeacherRequest("critic", {"messages": [], "faults": []})
        >>> request_key(one, "scripted") == request_key(same, "scripted")
        True
    """
    asked = [teacher, request.role, request.material, request.seed]
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()


@final
class CachedTeacher:
    """A teacher that answers from a cache and asks another one only for what is not there yet.

    Picklable if the inner one is; counts start anew in the process that receives it.

    Args:
        inner: Who is asked for what is not there. The cache knows it by its name alone: after a change of its
            settings or prompts, name another file.
        path: The file; made if it is not there, folders included.

    Attributes:
        inner: Who is asked for what is not there.
        path: The file.
        hits: Requests of this process that the cache answered.
        misses: Requests of this process that went to the inner teacher.

    Raises:
        UsageError: The file is no cache, or cannot be written.
    """

    def __init__(self, inner: Teacher, path: str | os.PathLike[str]) -> None:
        """Open the cache, or make it."""
        self.inner = inner
        self.path = Path(path)
        self.hits = 0
        self.misses = 0
        self._lock = threading.Lock()
        self._store = ReplyStore(self.path)

    @override
    def __reduce__(self) -> tuple[type[CachedTeacher], tuple[Teacher, Path]]:
        """Pickle as the inner teacher and the file."""
        return CachedTeacher, (self.inner, self.path)

    @property
    def name(self) -> str:
        """Name of the inner teacher, so that records do not tell where a reply came from."""
        return self.inner.name

    def complete(self, request: TeacherRequest) -> TeacherReply:
        """Answer from the cache, or from the inner teacher and remember.

        The tokens of a reply are those of the day it was written, so that records stay the same; what this process
        has spent is told by the inner teacher.

        Raises:
            TeacherError: The inner teacher gives no answer, or the cache cannot be read or written any more.
        """
        key = request_key(request, self.name)
        try:
            return self._answered(key, request)
        except StoreError as error:
            raise TeacherError(str(error)) from error

    def _answered(self, key: bytes, request: TeacherRequest) -> TeacherReply:
        stored = self._store.find(key)
        if stored is None:
            reply = msgspec.json.encode(self.inner.complete(request))
            with self._lock:
                self.misses += 1
            stored = self._store.store(key, reply)
        else:
            with self._lock:
                self.hits += 1
        return msgspec.json.decode(stored, type=TeacherReply)
