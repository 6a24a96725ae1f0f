"""The file of requests that got no answer: a line of JSON each, written as they fail."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import JsonObject
from fr_synth.teachers.endpoint.store import StoreError

if TYPE_CHECKING:
    from fr_synth.teachers.endpoint.redaction import Redactor

__all__ = ["FailedRequest", "FailureLog"]


class FailedRequest(msgspec.Struct, frozen=True):
    """A request without an answer.

    Attributes:
        model: Who was asked.
        url: Where, as far as it may be shown.
        problem: Why there is no answer.
        attempts: How often it was asked.
        request: What was asked: the body that went out.
        said: What the model said last, where it said something that was of no use; empty if not.
    """

    model: str
    url: str
    problem: str
    attempts: int
    request: JsonObject
    said: str = ""


class FailureLog:
    """Adds whole lines to a file, which is made when the first request fails.

    Args:
        path: The file; empty to write nothing.
        redactor: Takes keys out of every line.
    """

    def __init__(self, path: str, redactor: Redactor) -> None:
        """Keep the path."""
        self._path = path
        self._redactor = redactor
        self._lock = threading.Lock()

    def add(self, failed: FailedRequest) -> None:
        """Write one line.

        Raises:
            StoreError: The file cannot be written.
        """
        if not self._path:
            return
        line = self._redactor.told(msgspec.json.encode(failed).decode()).encode() + b"\n"
        try:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
            with self._lock, Path(self._path).open("ab", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if file.write(line) != len(line):
                    file.truncate(size)  # whole lines only
        except OSError as error:
            raise StoreError(f"{self._path} cannot be written: {error.strerror or error}") from error
