"""Play a world by hand: look, change something, fork, and see what differs."""

from __future__ import annotations

from fr_envs.episode.session import Session


def main() -> None:
    """Tidy up a home directory on a fork, and leave the original as it was."""
    session = Session("filesystem")
    session.reset(seed=7)
    home = session.call("pwd", {})["path"]
    print("files at home:", session.call("ls", {"path": home})["names"])  # noqa: T201 - an example may talk

    fork = session.fork()
    fork.call("mkdir", {"path": f"{home}/tidy"})
    print("changed on the fork:", [(change.table, change.key) for change in fork.diff()])  # noqa: T201
    print("changed here:", session.diff())  # noqa: T201


if __name__ == "__main__":
    main()
