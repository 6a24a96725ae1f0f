"""Stories of the machine: a service whose configuration was changed, a web log, caches, a download to check."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.filesystem.stories.setting import Setting, ago, day_of, numbered, stamp
from fr_envs.domains.filesystem.words import FIRST, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["STORIES"]

_NAMES = ("indexer", "mailer", "gateway", "scheduler", "billing", "search", "payments", "sync")


class _Slip(NamedTuple):
    """A line of a configuration, what it was changed to, and what the log says from then on."""

    key: str
    good: str
    bad: str
    error: str


_SLIPS = (
    _Slip("workers", "4", "32", "worker pool exhausted, out of memory"),
    _Slip("timeout", "30", "3", "timeout after 3 s talking to storage"),
    _Slip("port", "4410", "4401", "connection refused on port 4401"),
    _Slip("max_connections", "200", "20", "too many connections: 20 of 20 in use"),
    _Slip("cache_dir", "/var/cache", "/var/cach", "no such directory: /var/cach"),
)


def _changed_config(build: Builder, at: Setting) -> None:
    """A service fails since somebody changed one line of its configuration; a copy of it lies in the backup."""
    draw, name, who = build.draw, build.draw.pick(_NAMES), build.draw.pick(at.others)
    slip, then, saved = draw.pick(_SLIPS), ago(build, 0, 2) - 7_200, ago(build, 5, 20)
    values = {
        "host": f"{draw.pick(SECOND)}.example.org", "port": "4410", "workers": "4", "timeout": "30",
        "max_connections": "200", "cache_dir": "/var/cache",
    }  # fmt: skip
    texts = [numbered([f"[{name}]", *(f"{k} = {v}" for k, v in each.items()), "log_level = info"])
             for each in (values, {**values, slip.key: slip.bad})]  # fmt: skip
    folder = build.folder(f"/etc/{name}")
    build.write(folder, f"{name}.conf", texts[1], then)
    logging = numbered(["[logging]", f"file = /var/log/{name}.log", f"keep = {draw.pick((7, 14, 30))} days"])
    build.write(folder, "logging.conf", logging, saved - 90_000)
    backup = build.folder("/srv/backup")
    dated = build.folder(f"{backup}/{day_of(saved)}")
    build.write(dated, f"{name}.conf", texts[0], saved)
    build.write(dated, "logging.conf", logging, saved)
    moment, lines = then - 21_000, []
    for _ in range(4 + draw.below(4)):
        moment += 600 + draw.below(2_000)
        lines.append(f"{stamp(moment)} INFO {name}: job {1000 + draw.below(9000)} finished")
    lines.append(f"{stamp(then)} INFO {name}: configuration reloaded by {who}")
    moment = then
    for _ in range(3 + draw.below(6)):
        moment += 60 + draw.below(500)
        lines.append(f"{stamp(moment)} ERROR {name}: {slip.error}")
    build.write("/var/log", f"{name}.log", numbered(lines), moment)


_PAGES = ("/", "/about", "/contact", "/prices", "/news", "/login", "/download/manual.pdf", "/old-shop", "/team")


def _web_log(build: Builder, at: Setting) -> None:
    """A web server's log: most requests are served, one page is missing, one address comes again and again."""
    del at
    draw = build.draw
    folder = build.folder("/var/log/web")
    lost, crawler = draw.pick(_PAGES[3:]), f"203.0.113.{2 + draw.below(250)}"
    moment, lines = ago(build, 1, 3), []
    for _ in range(24 + draw.below(30)):
        moment += 20 + draw.below(900)
        page = draw.pick((*_PAGES, lost))
        code = 404 if page == lost else draw.pick((200, 200, 200, 200, 200, 304, 500))
        host = crawler if draw.below(3) == 0 else f"198.51.100.{1 + draw.below(60)}"
        lines.append(f"{stamp(moment)} {host} GET {page} {code}")
    build.write(folder, "access.log", numbered(lines), moment)


def _leftovers(build: Builder, at: Setting) -> None:
    """A cache that has grown, and what an interrupted build left behind."""
    draw = build.draw
    cache = build.folder(f"{at.home}/.cache", at.owner)
    thumbs = build.folder(f"{cache}/thumbnails", at.owner)
    for number in range(3 + draw.below(3)):
        text = f"{draw.pick(FIRST)}-{draw.pick(SECOND)} " * (60 + draw.below(250))
        build.write(thumbs, f"thumb-{number + 1:03d}.dat", text, ago(build, 40, 300))
    left = build.folder(f"/tmp/build-{1000 + draw.below(9000)}", at.owner)
    build.write(left, "objects.tmp", f"{draw.pick(SECOND)} " * (300 + draw.below(900)), ago(build, 10, 60))
    build.write(left, "build.lock", "", ago(build, 10, 60))


_DOWNLOADS = ("photo-tools-2.4.run", "backup-helper-1.9.run", "mapviewer-3.1.img", "scan-suite-5.0.run")


def _download(build: Builder, at: Setting) -> None:
    """A download with its checksum beside it, which fits two times of three."""
    draw = build.draw
    name, when = draw.pick(_DOWNLOADS), ago(build, 0, 20)
    text = "".join(f"{draw.below(1 << 40):010x}{draw.below(1 << 40):010x}\n" for _ in range(30 + draw.below(60)))
    made = text if draw.below(3) else f"{text}00\n"
    total = hashlib.sha256(made.encode()).hexdigest()
    downloads = f"{at.home}/downloads"
    build.write(downloads, name, text, when)
    build.write(downloads, f"{name}.sha256", f"{total}  {name}\n", when + 40)


_LARGE = ("city-map-tiles.dat", "lecture-recording.dat", "old-laptop-dump.dat", "sample-corpus.dat")


def _large(build: Builder, at: Setting) -> None:
    """A large download that nobody has touched for a year."""
    draw = build.draw
    words = [f"{draw.pick(FIRST)} {draw.pick(SECOND)} {draw.below(1 << 30)}\n" for _ in range(60)]
    text = ("".join(words) * 20)[: 12_000 + draw.below(7_900)]
    build.write(f"{at.home}/downloads", draw.pick(_LARGE), text, ago(build, 330, 600))


STORIES: tuple[Callable[[Builder, Setting], None], ...] = (_changed_config, _web_log, _leftovers, _download, _large)
"""What has happened to the machine and in the downloads."""
