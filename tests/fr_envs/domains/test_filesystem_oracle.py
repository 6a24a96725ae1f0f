

# ---------------------------------------------------------------------------------------------- the world


def _first_state() -> FileSystem:
    def folder(parent: str, name: str, *entries: str, mode: int = 0o555) -> Dir:
        path = f"{parent.rstrip('/')}/{name}" if name else "/"
        keys = tuple(f"{path.rstrip('/')}/{entry}" for entry in entries)
        return Dir(mode, "u", "u", 0, 0, parent, name, "/", entries, keys)

    nodes: dict[str, Node] = {
        "/": folder("/", "", "o"),
        "/o": folder("/", "o", "o"),
        "/o/o": folder("/o", "o", "box"),
        BOX: folder("/o/o", "box", mode=0o755),
    }
    return FileSystem(
        nodes=Table[Node]("nodes", nodes),
        volumes=Table[Volume]("volumes", {"/": Volume("/dev/sda2", 10_000_000, 0)}),
        users=Table[User]("users", {"u": User(1000, ("u",), BOX)}),
        groups=Table[Group]("groups", {"u": Group(1000, ("u",))}),
        session=Table[Session]("session", {"shell": Session("u", "u", ("u",), BOX)}),
        clock=Table[Clock]("clock", {"now": Clock(1_800_000_000)}),
    )


class Entry(NamedTuple):
    """What both trees say about one name."""

    sort: str
    mode: int
    links: int
    content: str | int
    time: int | None


def _world_tree(state: FileSystem) -> dict[str, Entry]:
    tree: dict[str, Entry] = {}

    def visit(key: str, path: str) -> None:
        node = state.nodes[key]
        time = node.modified if node.modified in SET_TIMES.values() else None
        if isinstance(node, Dir):
            tree[path] = Entry("d", node.mode, 0, "", None)
            for name, below in zip(node.names, node.nodes, strict=True):
                visit(below, f"{path}/{name}")
        elif isinstance(node, Link):
            tree[path] = Entry("l", 0o777, node.links, node.target.replace(BOX, "@"), None)
        else:
            tree[path] = Entry("f", node.mode, node.links, node.size if node.members is not None else node.text, time)

    visit(BOX, ".")
    return tree


def _real_tree(top: Path, archives: set[str]) -> dict[str, Entry]:
    tree: dict[str, Entry] = {}

    def visit(path: Path, name: str) -> None:
        about = path.lstat()
        mode = stat.S_IMODE(about.st_mode)
        if stat.S_ISLNK(about.st_mode):
            tree[name] = Entry("l", 0o777, about.st_nlink, str(path.readlink()).replace(str(top), "@"), None)
            return
        if os.geteuid():
            path.chmod(0o700)
        if stat.S_ISDIR(about.st_mode):
            tree[name] = Entry("d", mode, 0, "", None)
            for below in path.iterdir():
                visit(below, f"{name}/{below.name}")
            return
        content = about.st_size if name in archives else path.read_bytes().decode()
        time = int(about.st_mtime) if int(about.st_mtime) in SET_TIMES.values() else None
        tree[name] = Entry("f", mode, about.st_nlink, content, time)
        if os.geteuid():
            path.chmod(mode)  # another name of it may be met later

    visit(top, ".")
    return tree


# ------------------------------------------------------------------------------------------ the real shell

_ERRORS = {
    "omitting directory": "EISDIR",
    "cannot overwrite directory": "EISDIR",
    "cannot overwrite non-directory": "ENOTDIR",
    "hard link not allowed": "EPERM",
    "not writing through dangling": "EEXIST",
    "cannot overwrite existing file": "EEXIST",
    "are the same file": "EINVAL",
    "subdirectory of itself": "EINVAL",
    "directory, .* into itself": "EINVAL",
    "refusing to remove": "EINVAL",
    "is not sorted": "EINVAL",
    "No such file or directory": "ENOENT",
    "Not a directory": "ENOTDIR",
    "Is a directory": "EISDIR",
    "is a directory": "EISDIR",
    "Permission denied": "EACCES",
    "File exists": "EEXIST",
    "Directory not empty": "ENOTEMPTY",
    "Too many levels": "ELOOP",
    "File name too long": "ENAMETOOLONG",
    "Operation not permitted": "EPERM",
    "Device or resource busy": "EINVAL",  # what the kernel says of `mv .`; the world has one code for all of . and ..
    "Invalid argument": "EINVAL",
}


class Ran(NamedTuple):
    """How a command of the script ended."""

    code: int
    out: str
    err: str

    def error(self) -> str:
        """Return the error class."""
        return next((name for text, name in _ERRORS.items() if re.search(text, self.err)), "")


def _run(commands: list[str], root: Path) -> list[Ran]:
    out = root / "out"
    out.mkdir()
    lines = [f'export BOX="{root}{BOX}" LC_ALL=C.UTF-8 TZ=UTC', 'cd "$BOX" || exit 99', "umask 022", "set -C"]
    for i, command in enumerate(commands):
        lines.append(f"{{ {command}; }} >{out}/{i}.o 2>{out}/{i}.e </dev/null; echo $?")
    (root / "script").write_text("\n".join(lines) + "\n")
    (root / "script").chmod(0o755)
    drop: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    for path in (root / "o", root / "o/o", root / BOX[1:], out):
        path.mkdir(exist_ok=True)
        if drop:
            os.chown(path, NOBODY, NOBODY)
    (root / "o/o").chmod(0o555)
    (root / "o").chmod(0o555)
    root.chmod(0o555)
    done = subprocess.run(["bash", str(root / "script")], capture_output=True, text=True, check=True, **drop)
    codes = done.stdout.split()
    assert len(codes) == len(commands), done
    return [
        Ran(int(code), (out / f"{i}.o").read_bytes().decode(), (out / f"{i}.e").read_bytes().decode())
        for i, code in enumerate(codes)
    ]


# ---------------------------------------------------------------------------------------------- comparison


def _comparable(operation: Operation, outcome: Outcome[FileSystem]) -> bool:
    """Say whether a shell can be expected to do the same; docs/world-filesystem.md lists why not."""
    if outcome.error is None:
        return True
    code, message = outcome.error.code, outcome.error.message
    if operation.tool in {"split", "tar_create", "tar_extract", "tar_list"} or "archive" in message:
        return False
    if operation.tool == "truncate":
        return code not in {"ENOENT", "EINVAL"}
    many = operation.arguments.get("recursive") or operation.arguments.get("parents")
    return not many or code == "ENOENT"


def _sorted_lines(text: str) -> list[str]:
    return sorted(text.splitlines())


def _below(paths: list[str], top: str) -> list[str]:
    return sorted(path[len(top.rstrip("/")) + 1 :] for path in paths)


def _same_stat(value: JsonObject, out: str) -> bool:
    size, mode, sort, links = out.strip().split("|")
    if value["type"] == "directory":
        return sort == "directory" and int(mode, 8) == int(value["mode"], 8)
    return (size, int(mode, 8), links) == (str(value["size"]), int(value["mode"], 8), str(value["links"]))


def _same_diff(value: JsonObject, out: str) -> bool:
    counts = tuple(sum(line.startswith(mark) for line in out.splitlines()) for mark in "<>")
    return counts == (value["removed"], value["added"]) and value["same"] == (not out)


def _same_cmp(value: JsonObject, out: str) -> bool:
    found = re.search(r"(?:byte|char) (\d+), line (\d+)", out)
    if found is None:  # the same, or one ends within the other, which cmp tells on its other channel
        return True
    return (value["byte"], value["line"]) == (int(found[1]), int(found[2]))


def _rgrepped(value: JsonObject, out: str, top: str) -> bool:
    found = [line.removeprefix("./") for line in out.splitlines()]
    return _below([each["path"] for each in value["files"]], top) == sorted(found)


def _same_output(operation: Operation, value: JsonObject, ran: Ran, top: str, real: Path) -> bool:
    """Compare a result of the world with what a command wrote."""
    out, tool = ran.out, operation.tool
    if tool in {"cat", "head", "tail", "sort", "uniq", "cut", "join"}:
        return bool(value["content"] == out)
    checks: dict[str, Callable[[], bool]] = {
        "wc": lambda: out.split()[:4] == [str(value[k]) for k in ("lines", "words", "characters", "size")],
        "grep": lambda: "".join(f"{m['line_number']}:{m['line']}\n" for m in value["matches"]) == out,
        "rgrep": lambda: _rgrepped(value, out, top),
        "diff": lambda: _same_diff(value, out),
        "cmp": lambda: value["same"] == (ran.code == 0) and _same_cmp(value, out),
        "checksum": lambda: out.split()[0] == value["checksum"],
        "stat": lambda: _same_stat(value, out),
        "readlink": lambda: out.replace(str(real), "") == value["target"] + "\n",
        "realpath": lambda: out.replace(str(real), "") == value["path"] + "\n",
        "ls": lambda: _sorted_lines(out) == value["names"],
        "find": lambda: _sorted_lines(out) == _below(value["paths"], top),
        "du": lambda: sum(int(line.split()[1]) for line in out.splitlines()) == value["size"],
        "tar_list": lambda: [line.rstrip("/") for line in out.splitlines()] == value["names"],
    }
    return tool not in checks or checks[tool]()


_MAY_FAIL = {"grep", "rgrep", "diff", "cmp", "find", "du"}  # 1 means "none" or "differ", or a directory was passed over


def _check(operations: list[Operation]) -> None:
    domain = load_domain("filesystem")
    state = _first_state()
    outcomes: list[Outcome[FileSystem]] = []
    commands: list[str] = []
    for operation in operations:
        arguments = {k: v for k, v in operation.arguments.items() if v is not None}
        outcome = domain.apply(state, ToolCall(operation.tool, arguments))
        state = outcome.state
        outcomes.append(outcome)
        subshell = operation.command.startswith("cd ") and operation.tool != "cd"
        command = f"( {operation.command} )" if subshell else operation.command
        commands.append(command if _comparable(operation, outcome) else "true")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        _compare(operations, outcomes, _run(commands, root), root)
        archives = {path for path, entry in _world_tree(state).items() if isinstance(entry.content, int)}
        expected = {
            path: entry._replace(content=str(entry.content).replace("/o/o/box", "@")) if entry.sort == "l" else entry
            for path, entry in _world_tree(state).items()
        }
        real = _real_tree(root / BOX[1:], archives)
        assert real == expected, _story(operations, outcomes)


def _compare(operations: list[Operation], outcomes: list[Outcome[FileSystem]], runs: list[Ran], root: Path) -> None:
    for i, (operation, outcome, ran) in enumerate(zip(operations, outcomes, runs, strict=True)):
        story = (_story(operations[: i + 1], outcomes), ran)
        if outcome.error is not None:
            if _comparable(operation, outcome):
                assert ran.code, story
                assert ran.error() == outcome.error.code, story
            continue
        tolerated = operation.tool in _MAY_FAIL and not ran.error().replace("EACCES", "")
        assert ran.code == 0 or tolerated, story
        top = str(_top(operation, outcomes, i))
        assert _same_output(operation, outcome.value, ran, top, root), story


def _top(operation: Operation, outcomes: list[Outcome[FileSystem]], i: int) -> str:
    if operation.tool not in {"find", "rgrep"}:
        return ""
    value = load_domain("filesystem").apply(outcomes[i].state, ToolCall("realpath", {"path": operation.arguments["path"]}))
    return str(value.value["path"])


def _story(operations: list[Operation], outcomes: list[Outcome[FileSystem]]) -> str:
    steps = zip(operations, outcomes, strict=False)
    return "\n" + "\n".join(f"{o.command}   # {r.value if r.error else r.error or 'ok'}" for o, r in steps)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_world_and_shell_agree(shard: int) -> None:
    @settings(max_examples=SCRIPTS, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(_operations, min_size=OPERATIONS, max_size=OPERATIONS), st.just(shard))
    def scripts(operations: list[Operation], _: int) -> None:
        _check(_START + operations)

    scripts()

