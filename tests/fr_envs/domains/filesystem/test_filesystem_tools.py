"""What the tools of the file system do, option by option, where no error is in the way.

Most of this is held to the real utilities by test_filesystem_oracle.py; here stands what those cannot say: volumes,
users, rights of others, limits, and the results that are the world's own.
"""

from __future__ import annotations

import pytest

from fr_envs.domains.filesystem import DOMAIN
from fr_envs.domains.filesystem.patterns import MAX_CACHE, compile_expression, compile_glob
from fr_envs.domains.filesystem.state import CLOCK, Dir
from fr_envs.errors import UsageError
from fr_envs.world.domain import SCALES
from tests.fr_envs.domains.filesystem.filesystem_desk import HOME, Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---------------------------------------------------------------------------------------------- patterns
@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("a{2}", ["aa", "xaay"], ["a", "aba"]),
        ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
        ("^a{,1}$", ["", "a"], ["aa"]),
        ("^(a{2,})$", ["aa", "aaaaa"], ["a"]),
        ("[]x]", ["]", "x"], ["a"]),
        ("[^]x]", ["a"], ["]", "x", ""]),
        ("[a-]", ["-", "a"], ["b"]),
        ("[[:upper:][:digit:]]", ["A", "7"], ["a"]),
        (r"\W\D\S", [" xa", "--x"], ["abc"]),
        (r"\w\d\s", ["a1 "], ["a1b"]),
        ("a|b|", ["", "c"], []),
        ("(ab|c)+d?$", ["abc", "ccd"], ["ad"]),
        (r"\.\*", [".*"], ["a*"]),
        ("[[:punct:][:blank:]]", ["!", "\t"], ["a"]),
        ("[[:xdigit:]]{2}", ["fF"], ["fg"]),
        ("a.c", ["abc"], ["a\nc"]),
        ("[[:alpha:]][[:alnum:]][[:lower:]][[:space:]]", ["aZz "], ["1aa "]),
    ],
)
def test_an_expression_matches_as_grep_takes_it(pattern: str, hits: list[str], misses: list[str]) -> None:
    matches = compile_expression(pattern)
    assert all(matches(text) for text in hits)
    assert not any(matches(text) for text in misses)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a", "Unmatched ("),
        ("a)", "Unmatched )"),
        ("*a", "preceding"),
        ("a|+", "preceding"),
        ("a{x}", "content"),
        ("a{2", "content"),
        ("a{3,2}", "content"),
        ("a{256}", "content"),
        ("[a", "Unmatched ["),
        ("[[:word:]]", "class"),
        ("[b-a]", "range"),
        ("a\\", "backslash"),
        (r"(a)\1", "Unsupported escape"),
        ("(" * 60 + ")" * 60, "too big"),
        ("(a{200}){200}", "too big"),
    ],
)
def test_an_expression_outside_of_the_dialect_is_refused_with_its_fault(pattern: str, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", r"\(").replace(")", r"\)").replace("[", r"\[")):
        compile_expression(pattern)


def test_a_bracket_leaves_out_a_letter_in_both_cases() -> None:
    matches = compile_expression("^[^a]$", ignore_case=True)
    assert matches("B")
    assert not matches("A")


def test_an_expression_of_many_different_characters_outgrows_its_cache_and_still_matches() -> None:
    matches = compile_expression("z[^a]*a$", ignore_case=True)
    text = "Z" + "".join(chr(0x4E00 + i) for i in range(MAX_CACHE + 10))
    assert matches(text + "A")
    assert not matches(text)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("plain", ["plain"], ["plainer"]),
        ("*.log", ["a.log", ".log"], ["a.log2"]),
        ("[!a]?", ["bc"], ["ab", "b"]),
        ("[^a]", ["b"], ["a"]),
        ("[a", ["[a"], ["a"]),
        ("a[]b]", ["a]", "ab"], ["a["]),
        (r"\*", ["*"], ["a", r"\*"]),
        ("a\\", ["a\\"], ["a"]),
        ("[[:digit:]]*", ["1x"], ["x"]),
    ],
)
def test_a_glob_covers_the_whole_name(pattern: str, hits: list[str], misses: list[str]) -> None:
    matches = compile_glob(pattern)
    assert all(matches(name) for name in hits)
    assert not any(matches(name) for name in misses)


# ------------------------------------------------------------------------------------------------ moving
def test_moving_to_another_volume_takes_the_space_there_and_keeps_mode_and_times(desk: Desk) -> None:
    desk.call("chmod", path="d/g", mode="640")
    desk.call("touch", path="d", modified="2020-01-01T00:00:00")
    before = {v["path"]: v["used"] for v in desk.call("df")["volumes"]}
    size = desk.call("stat", path="d/g")["size"]
    assert desk.call("mv", source="d", destination="/mnt/v")["path"] == "/mnt/v/d"
    after = {v["path"]: v["used"] for v in desk.call("df")["volumes"]}
    assert (before["/"] - after["/"], after["/mnt/v"] - before["/mnt/v"]) == (size, size)
    assert desk.call("stat", path="/mnt/v/d/g")["mode"] == "0640"
    assert desk.call("stat", path="/mnt/v/d")["modified"] == "2020-01-01T00:00:00"
    assert desk.call("readlink", path="/mnt/v/d/up")["target"] == ".."
    assert desk.refused("stat", path="d") == "ENOENT"


def test_a_folder_replaces_an_empty_one_and_a_file_a_file(desk: Desk) -> None:
    desk.call("mkdir", path="e/d")
    desk.call("mv", source="d", destination="e")
    assert desk.call("cat", path="e/d/g")["content"] == "one\n"
    desk.call("mv", source="f", destination="e/d/g")
    assert desk.call("cat", path="e/d/g")["content"] == "b\na\n"
    assert desk.refused("mv", source="e/d", destination="l") == "ENOTDIR"


def test_a_folder_cannot_take_the_place_of_a_file_nor_go_elsewhere_unwritable(desk: Desk) -> None:
    assert desk.refused("mv", source="d", destination="big") == "ENOTDIR"
    desk.call("chmod", path="d", mode="555")
    assert desk.refused("mv", source="d", destination="e") == "EACCES"
    desk.call("mv", source="d", destination="renamed")
    assert desk.refused("mv", source=".", destination="new") == "EBUSY"
    assert desk.refused("mv", source="f", destination="new/") == "ENOTDIR"
    assert desk.refused("mv", source="/mnt", destination="new") in {"EACCES", "EBUSY"}


def test_two_names_of_one_file_become_one_when_one_is_moved_over_the_other(desk: Desk) -> None:
    desk.call("ln", target="f", path="second")
    assert desk.refused("mv", source="f", destination="f") == "EINVAL"
    assert desk.refused("cp", source="f", destination="second") == "EINVAL"
    assert desk.call("rm", path="second")["removed"] == 1
    assert desk.call("stat", path="f")["links"] == 1


def test_copies_of_folders_merge_and_links_stay_links(desk: Desk) -> None:
    desk.call("cp", source="d", destination="copy", recursive=True)
    desk.call("write_file", path="copy/more", content="")
    desk.call("cp", source="copy", destination="e", recursive=True)
    desk.call("cp", source="copy/.", destination="e", recursive=True)
    assert desk.call("readlink", path="e/copy/up")["target"] == ".."
    assert desk.call("cp", source="l", destination="e/copy/more", recursive=True)["copied"] == 1
    assert desk.call("readlink", path="e/copy/more")["target"] == "f"
    assert desk.refused("cp", source="l", destination="f", recursive=True) == "EINVAL"
    assert desk.refused("cp", source="d", destination="d/sub", recursive=True) == "EINVAL"
    assert desk.refused("cp", source="d", destination="big", recursive=True) == "ENOTDIR"
    assert desk.refused("cp", source="f", destination="none/") == "ENOTDIR"
    assert desk.refused("cp", source="f", destination="loop") == "ELOOP"
    assert desk.refused("cp", source="loop", destination="loop", recursive=True) == "EINVAL"
    desk.call("mkdir", path="x/d/g", parents=True)
    assert desk.refused("cp", source="d", destination="x", recursive=True) == "EISDIR"
    desk.call("rm", path="x/d/g", recursive=True)
    desk.call("write_file", path="x/d/sub", content="")
    assert desk.refused("cp", source="d", destination="x", recursive=True) == "ENOTDIR"


def test_a_copy_that_does_not_go_through_in_full_leaves_nothing(desk: Desk) -> None:
    desk.call("mkdir", path="mixed")
    desk.call("cp", source="f", destination="mixed/a")
    desk.call("mv", source="secret", destination="mixed/z")
    assert desk.refused("cp", source="mixed", destination="copy", recursive=True) == "EACCES"
    assert desk.refused("stat", path="copy") == "ENOENT"


def test_links_go_into_folders_and_through_links_to_them(desk: Desk) -> None:
    assert desk.call("ln", target="f", path="to-d")["path"] == f"{HOME}/d/f"
    assert desk.call("symlink", target="f", path="e/")["path"] == f"{HOME}/e/f"
    assert desk.refused("symlink", target="f", path="f/") == "EEXIST"
    assert desk.refused("symlink", target="f", path="none/") == "ENOENT"
    assert desk.refused("ln", target="none", path="x") == "ENOENT"
    assert desk.refused("symlink", target="f", path="loop") == "EEXIST"
    assert desk.refused("rm", path="to-d/") == "EISDIR"
    assert desk.refused("rm", path="to-d/", recursive=True) == "ENOTDIR"
    assert desk.refused("mv", source="to-d/", destination="x") == "ENOTDIR"
    assert desk.refused("rmdir", path="e/..") == "ENOTEMPTY"
    assert desk.refused("rmdir", path="/") == "EBUSY"
    assert desk.refused("rmdir", path="f") == "ENOTDIR"
    assert desk.call("realpath", path="to-d/f")["path"] == f"{HOME}/d/f"


# ----------------------------------------------------------------------------------------------- rights
def test_only_groups_and_owners_get_what_the_mode_gives_them(desk: Desk) -> None:
    desk.call("chmod", path="f", mode="040")
    assert desk.refused("cat", path="f") == "EACCES"
    desk.call("chgrp", path="f", group="team")
    desk.call("su", password="please")
    assert desk.call("whoami") == {"user": "root", "login": "me"}
    desk.call("chown", path="f", owner="other")
    assert desk.call("cat", path="f")["content"] == "b\na\n"
    desk.call("exit")
    assert desk.call("cat", path="f")["content"] == "b\na\n"
    assert desk.refused("touch", path="/tmp/od") == "EACCES"
    assert desk.call("touch", path="/tmp/o")["created"] is False


@pytest.mark.parametrize(
    ("start", "mode", "end"),
    [
        ("600", "+x", "0711"),
        ("777", "-w", "0577"),
        ("640", "a=rX", "0444"),
        ("740", "a=rX", "0555"),
        ("600", "g=u", None),
        ("600", "u=rwx,go+r", "0744"),
        ("1755", "o-x", "1754"),
        ("777", "u=", "0077"),
    ],
)
def test_modes_are_set_in_symbols(desk: Desk, start: str, mode: str, end: str | None) -> None:
    desk.call("chmod", path="f", mode=start)
    if end is None:
        assert desk.refused("chmod", path="f", mode=mode) == "invalid_arguments"
    else:
        assert desk.call("chmod", path="f", mode=mode)["mode"] == end


def test_users_and_groups_are_told_and_trees_change_hands(desk: Desk) -> None:
    assert desk.call("id", user="me")["groups"] == ["me", "team"]
    assert desk.call("getent_group", group="team")["members"] == [{"user": "me", "uid": 1000}]
    assert [row["user"] for row in desk.call("getent_passwd")["users"]] == ["me", "other", "root"]
    assert desk.call("chmod", path="d", mode="go-rx", recursive=True)["changed"] == 3
    assert desk.call("chgrp", path="d", group="team", recursive=True)["changed"] == 3
    assert desk.refused("chmod", path="d", mode="a-rwx", recursive=True) == "EACCES"
    assert desk.call("stat", path="/tmp")["permissions"] == "drwxrwxrwt"
    desk.call("chmod", path="e", mode="1754")
    assert desk.call("stat", path="e")["permissions"] == "drwxr-xr-T"


# ----------------------------------------------------------------------------------- looking and reading
def test_listings_come_in_order_and_in_pages(desk: Desk) -> None:
    desk.call("touch", path="e/old", modified="2020-01-01T00:00:00")
    desk.call("write_file", path="e/large", content="x" * 9)
    desk.call("write_file", path="e/.hidden", content="xy")
    assert desk.call("ls", path="e")["names"] == ["large", "old"]
    assert desk.call("ls", path="e", all=True, sort="size")["names"] == ["large", ".hidden", "old"]
    page = desk.call("ls", path="e", sort="modified", limit=1, offset=1)
    assert (page["names"], page["total"]) == (["old"], 2)
    assert desk.call("ls", path="/")["directories"][0]["path"] == "/home"
    drawing = desk.call("tree", path="e", depth=1, all=True)["drawing"]
    assert drawing == f"{HOME}/e\n  .hidden\n  large\n  old"
    assert "up -> .." in desk.call("tree", path="d")["drawing"]


def test_a_search_goes_by_every_attribute(desk: Desk) -> None:
    names = desk.call("find", path=".", name="*", type="link")["paths"]
    assert f"{HOME}/loop" in names
    assert desk.call("find", path="/tmp", name="*", owner="other", type="file")["paths"] == ["/tmp/o"]
    assert desk.call("find", path=".", name="*", min_size=20_000, max_size=20_000)["paths"] == [f"{HOME}/big"]
    assert desk.call("find", path=".", name="f", newer_than="2095-01-01T00:00:00")["count"] == 1
    assert desk.call("find", path="d", name="*", limit=1)["complete"] is False
    assert desk.call("find", path=".", name="g", max_depth=1)["count"] == 0


def test_space_is_added_up_once_for_each_file(desk: Desk) -> None:
    desk.call("ln", target="d/g", path="d/sub/again")
    whole = desk.call("du", path="d")
    assert (whole["size"], whole["files"]) == (4 + 2, 1)
    assert whole["directories"] == [{"path": f"{HOME}/d/sub", "name": "sub", "size": 0}]  # it was counted above
    assert desk.call("du", path="d/sub")["size"] == 4
    assert desk.call("du", path="d/g")["size"] == 4
    assert desk.call("du", path="/")["files"] > 3
    assert {v["path"] for v in desk.call("df")["volumes"]} == {"/", "/mnt/v"}


def test_files_are_shown_searched_sorted_and_cut(desk: Desk) -> None:
    desk.call("write_file", path="t", content="b,10\na,9\na,9\nc")
    assert desk.call("cat", path="t", number=True)["content"] == "     1\tb,10\n     2\ta,9\n     3\ta,9\n     4\tc"
    assert desk.call("sort", path="t", field=2, numeric=True)["content"] == "c\na,9\na,9\nb,10\n"
    assert desk.call("sort", path="t", unique=True, reverse=True)["content"] == "c\nb,10\na,9\n"
    assert desk.call("uniq", path="t", count=True)["content"] == "      1 b,10\n      2 a,9\n      1 c\n"
    assert desk.call("uniq", path="t", repeated=True)["content"] == "a,9\n"
    assert desk.call("cut", path="t", fields="2-")["content"] == "10\n9\n9\nc\n"
    assert desk.refused("cut", path="t", fields="3-1") == "EINVAL"
    assert desk.call("grep", path="t", pattern="A", ignore_case=True, invert=True)["count"] == 2
    assert desk.call("tail", path="t", lines=0)["content"] == ""
    found = desk.call("rgrep", path=".", pattern="9$", regex=True, name="t*")
    assert [(row["name"], row["matches"]) for row in found["files"]] == [("t", 2)]
    assert desk.call("wc", path="t")["words"] == 4


def test_two_files_are_compared_and_joined(desk: Desk) -> None:
    desk.call("write_file", path="x", content="a,1\nb,2\nc,3\n")
    desk.call("write_file", path="y", content="a,1\n\nc,3\nd")
    told = desk.call("diff", path="x", other="y")
    assert (told["same"], told["removed"], told["added"]) == (False, 1, 2)
    assert told["content"].startswith("-b,2\n+\n")
    assert told["content"].endswith("\\ No newline at end of file\n")
    assert desk.call("diff", path="x", other="x")["same"] is True
    assert desk.call("cmp", path="x", other="x")["byte"] is None
    assert (desk.call("cmp", path="x", other="y")["byte"], desk.call("cmp", path="x", other="y")["line"]) == (5, 2)
    desk.call("write_file", path="y", content="\na,8\na,9\n", overwrite=True)
    assert desk.call("join", path="x", other="y")["content"] == "a,1,8\na,1,9\n"
    total = desk.call("checksum", path="x", algorithm="sha1")["checksum"]
    assert desk.call("verify_checksum", path="x", checksum=total)["matches"] is True
    assert len(desk.call("checksum", path="a.tar")["checksum"]) == 64


def test_differences_are_found_from_both_sides(desk: Desk) -> None:
    desk.call("write_file", path="x", content="1\n2\n3\n4\n")
    desk.call("write_file", path="y", content="0\n2\n4\n5\n3\n")
    told = desk.call("diff", path="x", other="y")
    assert (told["removed"], told["added"]) == (2, 3)


# ------------------------------------------------------------------------------ writing, archives, clock
def test_folders_above_are_made_and_nothing_is_made_through_a_dead_link(desk: Desk) -> None:
    assert desk.call("mkdir", path="p/q/../r/", parents=True)["created"] == 3
    assert desk.call("mkdir", path="to-d/more", parents=True)["path"] == f"{HOME}/d/more"
    assert desk.refused("mkdir", path="dangling", parents=True) == "EEXIST"
    assert desk.refused("mkdir", path="loop", parents=True) == "ELOOP"
    assert desk.refused("mkdir", path="f/x", parents=True) == "ENOTDIR"
    assert desk.refused("mkdir", path="f", parents=True) == "EEXIST"
    desk.call("symlink", target="none/x", path="far")
    assert desk.refused("mkdir", path="far", parents=True) == "EEXIST"


def test_writing_follows_links_but_replaces_nothing_unasked(desk: Desk) -> None:
    assert desk.refused("write_file", path="dangling", content="") == "EEXIST"
    assert desk.refused("write_file", path="loop", content="") == "EEXIST"
    assert desk.refused("write_file", path="f/", content="", overwrite=True) == "EISDIR"
    assert desk.call("write_file", path="dangling", content="x", overwrite=True)["path"] == f"{HOME}/none"
    assert desk.call("append_file", path="l", content="c\n")["size"] == 6
    assert desk.call("replace_in_file", path="f", old="\n", new=" ", all=False)["replacements"] == 1
    assert desk.call("truncate", path="f", size=1)["size"] == 1
    desk.call("write_file", path="u", content="\u00e4")
    assert desk.refused("truncate", path="u", size=1) == "EINVAL"
    assert desk.refused("truncate", path="nothing", size=0) == "ENOENT"
    assert desk.refused("touch", path="nothing/") == "ENOENT"
    assert desk.call("split", path="big", lines=3_000, prefix="piece-")["count"] == 2
    desk.call("write_file", path="xaa", content="1\n2\n")
    assert desk.refused("split", path="xaa", lines=1, prefix="x") == "EINVAL"


def test_an_archive_keeps_links_modes_and_times(desk: Desk) -> None:
    desk.call("ln", target="d/g", path="d/h")
    desk.call("touch", path="d/g", modified="2020-01-01T00:00:00")
    desk.call("chmod", path="d/g", mode="600")
    assert desk.call("tar_create", source="d", path="d.tar")["entries"] == 5
    kinds = {row["name"]: row["type"] for row in desk.call("tar_list", path="d.tar")["entries"]}
    assert kinds == {"d": "directory", "d/g": "file", "d/h": "hard", "d/sub": "directory", "d/up": "link"}
    desk.call("tar_extract", path="d.tar", destination="e")
    assert desk.call("stat", path="e/d/h")["links"] == 2
    assert desk.call("stat", path="e/d/g")["modified"] == "2020-01-01T00:00:00"
    assert desk.call("tar_extract", path="d.tar", destination="e")["directories"][0]["name"] == "d"
    desk.call("tar_create", source="f", path="d.tar")
    assert desk.call("tar_extract", path="d.tar", destination="e")["files"][0]["name"] == "f"
    assert desk.call("tar_create", source="d.tar", path="d.tar")["entries"] == 0


def test_a_removed_working_directory_is_nowhere(desk: Desk) -> None:
    desk.call("cd", path="e")
    desk.call("rm", path=f"{HOME}/e", recursive=True)
    assert desk.refused("ls", path=".") == "ENOENT"
    assert desk.call("cd", path="/")["path"] == "/"
    assert desk.call("pwd")["path"] == "/"
    assert desk.call("rm", path=f"{HOME}/d", recursive=True)["removed"] == 4


def test_time_passes_when_told_to(desk: Desk) -> None:
    now = desk.state.clock[CLOCK].now
    first = desk.call("date")
    desk.call("wait", minutes=90)
    assert desk.state.clock[CLOCK].now == now + 5_400
    assert desk.call("date")["now"] > first["now"]
    desk.call("append_file", path="f", content="x")
    assert desk.call("stat", path="f")["modified"] == desk.call("date")["now"]


# -------------------------------------------------------------------------------------------- first states
@pytest.mark.parametrize("scale", [scale for scale in SCALES if scale != "large"])
def test_a_first_state_is_a_whole_tree_whose_space_adds_up(scale: str) -> None:
    for seed in range(3):
        state = DOMAIN.initial(seed, scale)  # type: ignore[arg-type]
        used = dict.fromkeys(state.volumes.keys(), 0)
        folders = {key: node for key, node in state.nodes.rows() if isinstance(node, Dir)}
        for key, folder in folders.items():
            assert list(folder.names) == sorted(set(folder.names))
            for below in folder.nodes:
                node = state.nodes[below]
                if isinstance(node, Dir):
                    assert (node.parent, node.name) == (key, str(below).rpartition("/")[2])
                else:
                    used[folder.volume] += getattr(node, "size", 0)
        assert used == {key: volume.used for key, volume in state.volumes.rows()}
        assert state.digest == DOMAIN.initial(seed, scale).digest  # type: ignore[arg-type]
