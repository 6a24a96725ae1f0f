"""Whatever stands in the files of a run costs one clear line, or a finding, and never a traceback.

1. A line that is no JSON is called so, with its file and number, whichever of the three files it stands in.
2. A record whose messages have another shape is refused with its JSON pointer before anything of it is printed.
3. A line that is cut off at the end is never passed over in silence.
4. What is printed as JSON has no power over a terminal, and is still the same value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fr_synth.cli import main
from fr_synth.commands.base import printable_json
from fr_synth.run.folder.journal import FILES, JOURNAL, MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

NO_JSON = {
    "no UTF-8": (b'{"id":"\xff"}', "no JSON: byte 8 of the line, 0xff, is no UTF-8"),
    "cut": (b'{"id":"filesys', "no JSON: Unterminated string starting at character 7 of the line"),
    "empty": (b"", "no JSON: Expecting value at character 1 of the line"),
    "words": (b"to do", "no JSON: Expecting value at character 1 of the line"),
    "NaN": (b'{"id":NaN}', "no JSON: NaN is no number of JSON"),
    "surrogate": (b'{"id":"\\ud800"}', "no JSON: half of a surrogate pair stands in a text"),
    "deep": (b'{"id":"x","messages":' + b"[" * 100_000, "no JSON: it is nested too deeply"),
    "id a list": (b'{"id":["x"]}', "no record: /id: Expected `str`, got `array`"),
    "list": (b'["x"]', "no record: Expected `object`, got `array`"),
    "number": (b"5", "no record: Expected `object`, got `int`"),
}


def _lines(run: Path) -> list[list[bytes]]:
    return [(run / name).read_bytes().splitlines() for name in FILES]


def _folder(folder: Path, files: list[list[bytes]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, lines in zip(FILES, files, strict=True):
        (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
    return folder


@pytest.mark.parametrize("file", range(3), ids=FILES)
@pytest.mark.parametrize("what", NO_JSON)
def test_a_line_that_is_no_record_is_called_so(
    what: str, file: int, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt, said = NO_JSON[what]
    files = [lines[:2] for lines in _lines(run_folder)]
    files[file][1] = spoilt
    folder = _folder(tmp_path / "run", files)
    said = f"{folder / FILES[file]}:2: {said}"
    for command in (["show", str(folder), "1"], ["show", str(folder), "-1"], ["show", str(folder), "nobody"]):
        if command[2] == "nobody" and file:
            continue  # looks at the ids of dialogues alone
        assert main(command) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"funreason: {said}")
    assert main(["verify", str(folder), "--subset", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["by_proof"]) == (1, {"readable": 1})
    finding = found["findings"][0]
    assert said in f"{finding['id']}: {finding['problem']}"


@pytest.mark.parametrize("name", [JOURNAL, MANIFEST])
@pytest.mark.parametrize(
    "spoilt", [b"\xff\n", b'{"index":"\xff"}\n', b"[1]\n", b"{" * 5 + b"\n", b"[" * 100_000 + b"\n"]
)
def test_a_spoilt_journal_or_manifest_is_a_finding(
    name: str, spoilt: bytes, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _folder(tmp_path / "run", [lines[:2] for lines in _lines(run_folder)])
    for each in (JOURNAL, MANIFEST):
        (folder / each).write_bytes(spoilt if each == name else (run_folder / each).read_bytes())
    assert main(["verify", str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["records"] == 2
    assert [finding["proof"] for finding in found["findings"]] == ["whole"]
    assert name in found["findings"][0]["problem"]


def _spoil(line: bytes, path: tuple[str | int, ...], value: Any) -> bytes:
    record = inner = json.loads(line)
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return json.dumps(record).encode()


def _first(messages: list[Any], role: str) -> int:
    return next(
        at for at, each in enumerate(messages) if each["role"] == role and (role != "assistant" or "tool_calls" in each)
    )


SHAPES = [
    ("assistant", ("tool_calls",), {"id": 1}, "is an object, not a list"),
    ("assistant", ("tool_calls", 0), "call", "is a text, not an object"),
    ("assistant", ("tool_calls", 0, "id"), None, "is null or missing, not a text"),
    ("assistant", ("tool_calls", 0, "id"), [], "is a list, not a text"),
    ("assistant", ("tool_calls", 0, "function"), 5, "is a number, not an object"),
    ("assistant", ("tool_calls", 0, "function", "name"), {}, "is an object, not a text"),
    ("assistant", ("tool_calls", 0, "function", "arguments"), "{}", "is a text, not an object"),
    ("assistant", ("content",), 5, "is a number, not a text"),
    ("assistant", ("reasoning_content",), True, "is true or false, not a text"),
    ("user", ("content",), 1.5, "is a number, not a text"),
    ("user", ("content",), None, "is null or missing, not a text"),
    ("tool", ("content",), {}, "is an object, not a text"),
    ("tool", ("tool_call_id",), ["x"], "is a list, not a text"),
    ("system", ("content",), [{"type": "text"}], "is a list, not a text"),
    ("user", ("role",), "developer", "is 'developer', none of system, user, assistant, tool"),
    ("user", ("role",), ["user"], "is a list, none of system, user, assistant, tool"),
]


@pytest.mark.parametrize(("role", "path", "value", "said"), SHAPES)
def test_a_message_of_another_shape_is_refused_with_its_pointer(
    role: str,
    path: tuple[str | int, ...],
    value: Any,
    said: str,
    run_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [lines[:1] for lines in _lines(run_folder)]
    at = _first(json.loads(files[0][0])["messages"], role)
    files[0][0] = _spoil(files[0][0], ("messages", at, *path), value)
    folder = _folder(tmp_path / "run", files)
    pointer = "/".join(map(str, ("/messages", at, *path)))
    name = json.loads(files[0][0])["id"]
    for more in ([], ["--full"]):
        assert main(["show", str(folder), *more]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"funreason: {folder / FILES[0]}:1: {name}: {pointer} {said}; ")
    assert main(["show", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dialogue"] == json.loads(files[0][0])
    assert main(["verify", str(folder), "--subset", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["records"] == 1


@pytest.mark.parametrize("tools", ["no", "5", "[5]", '[{"function":{"name":["x"]}}]', "[" * 100_000])
def test_tools_of_another_shape_are_refused(
    tools: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [lines[:1] for lines in _lines(run_folder)]
    files[0][0] = _spoil(files[0][0], ("tools",), tools)
    folder = _folder(tmp_path / "run", files)
    assert main(["show", str(folder)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert ": /tools is " in err
    assert main(["verify", str(folder), "--subset", "--quiet"]) == 1


def _places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([at] if at else []), *(each for key, item in inside for each in _places(item, (*at, key)))]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, 1.5, True, "x", "", [], {}, [[]], [None], {"a": [1]}, -1, 10**30, "\x9b31m"]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), odd=ODD)
def test_no_value_anywhere_in_a_record_ends_in_a_traceback(
    data: st.DataObject, odd: Any, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [lines[:1] for lines in _lines(run_folder)]
    file = data.draw(st.sampled_from([0, 0, 1, 2]))
    files[file][0] = _spoil(files[file][0], data.draw(st.sampled_from(_places(json.loads(files[file][0])))), odd)
    folder = _folder(tmp_path / "run", files)
    for command in (["show"], ["show", "--full"], ["show", "--json"]):
        code = main([*command, str(folder)])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "") or (code, out, err.count("\n")) == (2, "", 1)
    assert main(["verify", str(folder), "--subset", "--quiet"]) in {0, 1, 2}
    capsys.readouterr()


def test_a_line_that_is_cut_off_at_the_end_is_named(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [lines[:3] for lines in _lines(run_folder)]
    folder = _folder(tmp_path / "run", files)
    (folder / FILES[0]).write_bytes((folder / FILES[0]).read_bytes()[:-20])
    place = f"{folder / FILES[0]}:3"
    assert main(["show", str(folder), "-1", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["dialogue"] == json.loads(files[0][1])
    assert err == f"{place}: the last line is cut off; this counts from the record before it\n"
    assert main(["show", str(folder), "2"]) == 2
    said = capsys.readouterr().err
    assert said == f"funreason: {folder} has no record 2; there are 2, from 0, and {place} is cut off\n"
    assert main(["show", str(folder), "1"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["verify", str(folder), "--subset", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["records"] == 2
    assert err == f"{place}: the last line is cut off; it is left out\n"


EVIL = "\x9b31m\x7f\u202e\ufeff\U000e0041é"


def test_json_has_no_power_over_a_terminal(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [lines[:1] for lines in _lines(run_folder)]
    record = json.loads(files[0][0])
    record["messages"][1]["content"] = EVIL
    files[0][0] = json.dumps(record, ensure_ascii=False).encode() + b"\r"
    folder = _folder(tmp_path / "run", files)
    assert main(["show", str(folder), "--json"]) == 0
    out = capsys.readouterr().out
    assert not set(EVIL[:-1]).difference("31m") & set(out)
    assert "é" in out
    assert "\r" not in out
    assert json.loads(out)["dialogue"] == record


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_escaped_json_is_the_same_value(value: Any) -> None:
    text = printable_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in text)
