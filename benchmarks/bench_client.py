"""How much of an endpoint the client uses, and what it costs beside the bare minimum.

A stub in a process of its own answers after a set time. It is asked over plain sockets, which is its capacity, and by
the client, with as many requests under way, in turns in the same run: the ratio holds on any machine that is not kept
busy by others. The client's own time is the processor time of one request after the other to a stub that answers at
once, less that of the same requests over a plain socket.

Run: python benchmarks/bench_client.py [--seconds 2] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_synth.teachers.endpoint.client import Client, Endpoint
from fr_synth.teachers.endpoint.options import EndpointOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

CASES = ((0.05, 8), (0.05, 16), (0.2, 32), (0.5, 64))  # seconds until an answer, requests at once
REACH_RATIO, REACH_MS = 0.95, 2.0
PROMPT = "x" * 4_000
NONCES = itertools.count()

ANSWER = json.dumps(
    {
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Yes. " * 40}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 80},
    }
).encode()
RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(ANSWER) + ANSWER


class Figure(NamedTuple):
    """One line of the table: what was measured, in what unit, and what it should reach."""

    what: str
    value: float
    unit: str
    reach: str


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(int(length.partition(b":")[2]))
            await asyncio.sleep(json.loads(body)["seconds"])
            writer.write(RESPONSE)
    writer.close()


def _serve(pipe: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=512)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextlib.contextmanager
def stub() -> Iterator[int]:
    """Run the stub in a process and give its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def body_of(seconds: float) -> dict[str, Any]:
    """Return a request that is answered after some seconds."""
    return {"messages": [{"role": "user", "content": PROMPT}], "seconds": seconds}


class Window:
    """Counts answers between the first round, when all begin at once, and the end, when they run out."""

    def __init__(self, latency: float, seconds: float) -> None:
        """Open it for some seconds, after two rounds."""
        self._begin = time.perf_counter() + 2 * latency
        self._end = self._begin + seconds
        self._answers: list[float] = []

    def open(self) -> bool:
        """Return True until it closes."""
        return time.perf_counter() < self._end

    def note(self) -> None:
        """Count an answer."""
        self._answers.append(time.perf_counter())

    def rate(self) -> float:
        """Return the answers a second while it was open."""
        return sum(self._begin <= moment < self._end for moment in self._answers) / (self._end - self._begin)


def capacity(port: int, latency: float, at_once: int, until: float) -> float:
    """Return the answers a second over plain sockets."""
    content = json.dumps(body_of(latency)).encode()
    request = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(content) + content

    window = Window(latency, until)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while window.open():
            writer.write(request)
            await reader.readexactly(len(RESPONSE))
            window.note()
        writer.close()
        await writer.wait_closed()

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(at_once)))

    asyncio.run(all_of_them())
    return window.rate()


def used(client: Client, latency: float, at_once: int, until: float) -> float:
    """Return the answers a second that the client gets, asked from as many threads."""
    window = Window(latency, until)

    def one(_: int) -> None:
        while window.open():
            client.ask(body_of(latency), next(NONCES))  # none is in the cache
            window.note()

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, range(at_once)))
    return window.rate()


def _timed(work: Callable[[], float]) -> tuple[float, float]:
    """Return the processor time of this process and the number of answers that it went into."""
    cpu, wall = time.process_time(), time.perf_counter()
    rate = work()
    return time.process_time() - cpu, rate * (time.perf_counter() - wall)


def measure(seconds: float) -> Iterator[Figure]:
    """Measure everything, each figure beside what it is compared with."""
    with stub() as port, tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{port}/v1"
        for number, (latency, at_once) in enumerate(CASES):
            options = EndpointOptions(at_once, cache=str(Path(folder) / f"{number}.sqlite"))
            client = Client(Endpoint("m", url), options)
            askers = at_once + max(2, at_once // 4)  # as evaluations have: somebody always waits for a place
            used(client, 0.0, askers, 0.3)  # connections
            least = max(seconds, 8 * latency)
            ratios = [used(client, latency, askers, least) / capacity(port, latency, at_once, least) for _ in range(3)]
            client.close()
            what = f"of the capacity of a stub, {latency * 1000:.0f} ms, {at_once} at once"
            yield Figure(what, statistics.median(ratios), "", f">= {REACH_RATIO}")
        client = Client(Endpoint("m", url), EndpointOptions(1, cache=str(Path(folder) / "one.sqlite")))
        used(client, 0.0, 1, 0.3)
        own = []
        for _ in range(3):
            spent, asked = _timed(lambda: used(client, 0.0, 1, seconds / 2))
            bare, bare_asked = _timed(lambda: capacity(port, 0.0, 1, seconds / 2))
            own.append(1000 * (spent / asked - bare / bare_asked))
        client.close()
        yield Figure("own processor time a request, cache included", statistics.median(own), "ms", f"<= {REACH_MS}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="least length of one measurement")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    figures = []
    for figure in measure(options.seconds):
        figures.append(figure)
        sys.stdout.write(f"{figure.value:8.3f} {figure.unit:3} {figure.what}  ({figure.reach})\n")
        sys.stdout.flush()
    if options.json:
        options.json.write_text(json.dumps([figure._asdict() for figure in figures], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
