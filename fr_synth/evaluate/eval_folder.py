"""EvalFolder: where an evaluation is kept, and what each of its files is called."""

from __future__ import annotations

import contextlib
import json
from io import FileIO
from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import UsageError
from fr_envs.files import read_file_lines
from fr_synth.evaluate.rollout_file import RolloutFile, read_rollouts
from fr_synth.run.folder.journal import append_line

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import JsonObject
    from fr_synth.evaluate.figures import EvalFigures
    from fr_synth.evaluate.job import Played
    from fr_synth.evaluate.rollouts import Rollout

__all__ = ["EvalFolder", "EvalTiming"]


class EvalTiming(msgspec.Struct, frozen=True):
    """How long the answers of a rollout took; apart from the rollouts, whose bytes tell no time.

    Attributes:
        task: Identifier of the task.
        sample: Number of the rollout among those of its task.
        seconds: Of each message of the agent; 0 if it was there already.
    """

    task: str
    sample: int
    seconds: tuple[float, ...]


class EvalFolder:
    """The folder of an evaluation.

    Args:
        path: The folder; made if it is not there.
        resume: Go on with what is there.
        overwrite: Throw away what is there.

    Attributes:
        path: The folder.
        rollouts: A line a rollout; the same answers give the same bytes.
        timings: How long answers took.
        figures: What came of it, as JSON.
        page: What came of it, as a page to look at.
        settings: What decides the rollouts, so that one evaluation is not two.
        cache: What a model answered.
        failures: Requests without an answer.
        goes_on: What to add to a message that says what is kept.

    Raises:
        UsageError: The folder holds an evaluation and neither is said, or it is a file, or holds something else.
    """

    goes_on = "; --resume goes on"

    def __init__(self, path: Path, *, resume: bool = False, overwrite: bool = False) -> None:
        """Take the folder; nothing is written yet."""
        self.path = path
        self.rollouts = path / "rollouts.jsonl"
        self.timings = path / "timings.jsonl"
        self.figures = path / "eval.json"
        self.page = path / "index.html"
        self.settings = path / "settings.json"
        self.cache = path / "requests.sqlite"
        self.failures = path / "failed-requests.jsonl"
        self._resume, self._overwrite = resume, overwrite
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is a file; give --out a folder")
        if self.rollouts.exists() and not (resume or overwrite):
            raise UsageError(f"{path} holds an evaluation; give another --out, --resume or --overwrite")
        own_files = (self.rollouts, self.timings, self.figures, self.page, self.settings, self.cache, self.failures)
        known = tuple(each.name for each in own_files)
        there = {each.name for each in path.iterdir()} if path.exists() else set()
        if not all(name.startswith(known) for name in there):
            raise UsageError(f"{path} is not empty and holds no evaluation; give another --out")

    def agree(self, settings: JsonObject) -> None:
        """Hold what decides the rollouts against what is there, and write it down where nothing is.

        Args:
            settings: Values by the option that sets them.

        Raises:
            UsageError: What is there was made otherwise; the message names the options.
        """
        if self._resume and self.settings.exists() and self.rollouts.exists():
            there = json.loads(self.settings.read_text(encoding="utf-8"))
            other = sorted(name for name in {*there, *settings} if there.get(name) != settings.get(name))
            if other:
                raise UsageError(f"{self.path} holds an evaluation with another {', '.join(other)}; give another --out")
            return
        self.path.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")

    def opened(self) -> RolloutFile:
        """Open the rollouts for writing."""
        self.path.mkdir(parents=True, exist_ok=True)
        if self._overwrite:
            for each in (self.rollouts, self.timings, self.figures, self.page, self.failures):
                each.unlink(missing_ok=True)
        return RolloutFile(self.rollouts, resume=self._resume, overwrite=self._overwrite)

    def note(self, played: Played) -> None:
        """Keep how long the answers of a rollout took."""
        if not any(played.seconds):
            return
        timing = EvalTiming(played.rollout.task, played.rollout.sample, played.seconds)
        with FileIO(self.timings, "a") as file:
            append_line(file, msgspec.json.encode(timing))

    def seconds(self) -> list[float]:
        """Return how long each answer took that was asked for."""
        if not self.timings.exists():
            return []
        found: list[float] = []
        for line in read_file_lines(self.timings):
            with contextlib.suppress(ValueError):  # half a line, where a run was killed
                found += msgspec.json.decode(line.text, type=EvalTiming).seconds
        return found

    def light_rollouts(self) -> list[Rollout]:
        """Return the rollouts without their messages."""
        return [msgspec.structs.replace(rollout, messages=()) for rollout in read_rollouts(self.rollouts)]

    def finish(self, figures: EvalFigures, page: str) -> None:
        """Write what came of it."""
        text = msgspec.json.format(msgspec.json.encode(figures), indent=2).decode() + "\n"
        for path, content in ((self.figures, text), (self.page, page)):
            part = path.with_name(f"{path.name}.part")
            part.write_text(content, encoding="utf-8")
            part.replace(path)
