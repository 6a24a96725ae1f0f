"""``funreason spec upgrade``: in place with a copy of what was there, or into another file."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from fr_synth.cli import main

if TYPE_CHECKING:
    from pathlib import Path

OLD = "tools:\r\n  a: {asks: [x]}  # so\r\nkinds:\r\n  k:\r\n    told: ['{}']\r\n"
NEW = "tools:\r\n  a: {request_templates: [x]}  # so\r\nkinds:\r\n  k:\r\n    statement_templates: ['{}']\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "old.yaml"
    made.write_bytes(OLD.encode())
    return made


def test_a_contract_is_upgraded_in_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.chmod(0o640)
    assert main(["spec", "upgrade", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{file}:2: /tools/a/asks: request_templates\n{file}:5: /kinds/k/told: statement_templates\n"
    assert err == f"wrote {file}; as it was: {file}.bak\n"
    assert file.read_bytes() == NEW.encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.with_name("old.yaml.bak").read_bytes() == OLD.encode()
    assert main(["spec", "upgrade", str(file)]) == 0
    assert capsys.readouterr() == (f"{file}: ok: every key has the name that it has now\n", "")
    assert sorted(each.name for each in file.parent.iterdir()) == ["old.yaml", "old.yaml.bak"]


def test_no_older_copy_is_written_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        file.write_bytes(OLD.encode())
        assert main(["spec", "upgrade", str(file), "--out", str(file)]) == 0
    assert sorted(each.name for each in file.parent.iterdir()) == [
        "old.yaml", "old.yaml.bak", "old.yaml.bak1", "old.yaml.bak2",
    ]  # fmt: skip
    assert "old.yaml.bak2" in capsys.readouterr().err


def test_a_contract_is_upgraded_into_another_file(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.yaml"
    assert main(["spec", "upgrade", str(file), "--out", str(out)]) == 0
    assert (file.read_bytes(), out.read_bytes()) == (OLD.encode(), NEW.encode())
    assert main(["spec", "upgrade", str(out), "--out", str(file)]) == 2
    assert main(["spec", "upgrade", str(out), "--out", str(file), "--overwrite"]) == 0
    assert file.read_bytes() == NEW.encode()  # with nothing to do, a copy


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    assert main(["spec", "upgrade", str(link)]) == 0
    assert link.is_symlink()
    assert file.read_bytes() == NEW.encode()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"tools: {a: {asks: [", "is no YAML"),
        (b"a: 1\n---\nb: 2\n", "is no YAML"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"paths: {}\n", "is no contract"),
        (b"tools: {a: {asks: [x], request_templates: [y]}}", "stands beside request_templates"),
        (None, "cannot be read"),
    ],
)
def test_what_cannot_be_read_costs_one_line(
    content: bytes | None, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    if content is not None:
        file.write_bytes(content)
    assert main(["spec", "upgrade", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"funreason: {file}:")
    assert problem in err
    assert err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["bad.yaml"][: content is not None]


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("synth --out x --aims tool=1", "--aims", "--targets"),
        ("synth --out x --aims=tool=1", "--aims", "--targets"),
        ("synth --patience 3 --out x", "--patience", "--retries"),
        ("synth --out x --patience", "--patience", "--retries"),
        ("spec import openai tools.json --skip-faulty", "--skip-faulty", "--on-bad-tool skip"),
    ],
)
def test_an_old_option_is_refused_with_its_new_name(
    words: str, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words.split())
    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"error: {old} is called {new} now")


def test_old_options_are_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["synth", "--help"])
    shown = capsys.readouterr().out
    assert "--targets" in shown
    assert "--aims" not in shown
