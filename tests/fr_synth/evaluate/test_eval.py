"""``funreason eval``: what is written, what survives, what is paid.

1. The same answers give the same bytes, however many are played at once.
2. What was finished is kept, whatever ends the run; what is missing is played, and nothing is paid twice.
3. What costs money is told before the first request and asked for.
4. The page is whole: it names nothing outside itself and shows no letter of a stranger as markup.
"""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from typing_extensions import override

from fr_synth.cli import main
from fr_synth.evaluate.agents import ReplyNote
from fr_synth.evaluate.figures import figures_of
from fr_synth.evaluate.rollouts import Rollout
from fr_synth.report.eval_page import eval_page
from fr_synth.teachers.endpoint.spending import Prices
from tests.fr_synth.evaluate.test_metrics import rollout
from tests.fr_synth.stub_endpoint import JsonObject, Reply, Script, StubEndpoint, calls, completion, fails, says

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def run(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(command.split())
    out, err = capsys.readouterr()
    return code, out, err


def rollouts_in(folder: Path) -> list[Rollout]:
    return [msgspec.json.decode(line, type=Rollout) for line in (folder / "rollouts.jsonl").read_bytes().splitlines()]


def by_prompt(body: JsonObject) -> Reply:
    """Say something that depends on nothing but what was asked and with which seed."""
    said = f"At home, as {len(body['messages'])} messages and {body['seed']} say."
    return completion({"content": said, "reasoning_content": "Hm."}, tokens=(100, 7))


def test_the_reference_passes_and_doing_nothing_does_not(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f"eval --tasks {run_folder} --count 4 --agent oracle --out {tmp_path}/e"
    code, out, _ = run(words, capsys)
    assert code == 0
    for start in ("all", "world", "kind", "depth", "floor"):
        assert any(line.lstrip("│ ").startswith(start) for line in out.splitlines()), start
    figures = json.loads((tmp_path / "e" / "eval.json").read_text(encoding="utf-8"))
    assert figures["groups"][0]["pass_at"] == {"1": {"value": 1.0, "low": 1.0, "high": 1.0}}
    assert [(floor["agent"], floor["score"]) for floor in figures["floors"]] == [("idle", 0.0), ("oracle", 1.0)]
    code, _, err = run(words, capsys)
    assert (code, err) == (
        2,
        f"funreason: {tmp_path}/e holds an evaluation; give another --out, --resume or --overwrite\n",
    )


def test_the_bytes_do_not_depend_on_how_many_are_played_at_once(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StubEndpoint(by_prompt) as stub:
        for concurrency in (1, 6):
            words = (
                f"eval --tasks {run_folder} --count 3 --agent openai:m --base-url {stub.url} -n 3 --json --no-floors"
            )
            code, _, err = run(f"{words} --concurrency {concurrency} --out {tmp_path}/{concurrency}", capsys)
            assert code == 0, err
            assert err.startswith("estimate: 9 rollouts, about ")
    first, second = (tmp_path / name / "rollouts.jsonl" for name in ("1", "6"))
    assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "1" / "eval.json").read_bytes() == (tmp_path / "6" / "eval.json").read_bytes()
    played = rollouts_in(tmp_path / "6")
    assert [each.sample for each in played] == [0, 1, 2] * 3
    assert len({each.messages[2]["content"] for each in played}) == 9, "each sample is an answer of its own"
    assert played[0].replies[0] == ReplyNote(100, 7, "stop")


def test_thoughts_go_back_within_a_turn_only(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Script(
        lambda _: completion({"content": "", "reasoning": "First.", "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "pwd", "arguments": "{}"}}]}),
        lambda _: completion({"content": "Here.", "reasoning": "Second."}),
    )  # fmt: skip
    with StubEndpoint(script) as stub:
        words = f"eval --tasks {run_folder} --count 1 --agent openai:m --base-url {stub.url} --quiet --no-floors"
        extra = '--extra-body {"top_k":20,"seed":5} --temperature 0.5 --top-p 0.9 --max-output-tokens 50 --logprobs'
        assert run(f"{words} {extra} --out {tmp_path}/e", capsys)[0] == 0
    thoughts = [[message.get("reasoning") for message in body["messages"]] for body in stub.requests]
    assert thoughts[1] == [None, None, "First.", None]
    assert set(thoughts[2]) == {None}, "the user has spoken since"
    sent = stub.requests[0]
    assert (sent["top_k"], sent["seed"], sent["temperature"], sent["top_p"]) == (20, 5, 0.5, 0.9)
    assert (sent["max_tokens"], sent["logprobs"]) == (50, True)


@pytest.mark.parametrize("command", ["eval", "rollouts"])
def test_few_tasks_at_a_dead_endpoint_are_no_result(
    command: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Too few to tell that the endpoint has gone away, but none of them says anything about the model."""
    words = f"{command} --tasks {run_folder} --agent openai:m --base-url http://127.0.0.1:9/v1 --max-retries 0 "
    code, out, err = run(f"{words} --count 1 --quiet --out {tmp_path}/e", capsys)
    assert (code, out) == (2, "")
    assert err.startswith("funreason: no rollout had an answer; the last: http://127.0.0.1:9/v1 cannot be reached")
    assert not (tmp_path / "e" / "index.html").exists()


def test_a_dead_endpoint_loses_nothing_and_nothing_is_paid_twice(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = 0

    def dies(body: JsonObject) -> Reply | str:
        nonlocal answered
        answered += 1
        return by_prompt(body) if answered <= 7 else fails(401, "expired")(body)

    words = f"eval --tasks {run_folder} --count 4 --agent openai:m -n 2 --concurrency 1 --quiet --out {tmp_path}/e"
    with StubEndpoint(dies) as stub:
        url = stub.url
        code, _, err = run(f"{words} --base-url {url}", capsys)
        assert code == 2
        kept = rollouts_in(tmp_path / "e")
        assert err.endswith(f"{len(kept)} rollouts are kept in {tmp_path}/e/rollouts.jsonl: --resume goes on\n")
        assert 0 < len(kept) < 8
        answered = -1_000
        asked = len(stub.requests)
        assert run(f"{words} --base-url {url} --resume", capsys)[0] == 0
        bodies = [json.dumps(body, sort_keys=True) for body in (*stub.requests[:7], *stub.requests[asked:])]
        assert len(bodies) == len(set(bodies)), "nothing is asked twice"
    assert len(rollouts_in(tmp_path / "e")) == 8
    assert (tmp_path / "e" / "failed-requests.jsonl").read_bytes().count(b"\n") == 1


def test_half_a_line_and_rollouts_without_an_answer_are_played_again(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f"eval --tasks {run_folder} --count 3 --agent random -n 2 --quiet --no-floors --out {tmp_path}/e"
    assert run(words, capsys)[0] == 0
    whole = (tmp_path / "e" / "rollouts.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    failed = lines[1].replace(b'"ending":"finished"', b'"ending":"no_answer"')
    (tmp_path / "e" / "rollouts.jsonl").write_bytes(lines[4] + failed + lines[0] + lines[2][:50])
    assert run(f"{words} --resume", capsys)[0] == 0
    assert (tmp_path / "e" / "rollouts.jsonl").read_bytes() == whole


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("--agent idle", "another --agent"),
        ("--seed 4", "another --seed"),
        ("--temperature 0.5 --unsaid 0", "another --temperature, --unsaid"),
        ("--count 1", "more tasks"),
        ("--overwrite", "give one of them"),
        ("-n 0", "samples 0: give at least 1"),
        ("--pass-score 0", "above 0 and up to 1"),
        ("--extra-body [1]", "no object"),
        ("--extra-body {", "no JSON"),
        ("--agent openai:", "name of the model"),
        ("--agent no.such:Thing", "cannot be imported"),
        ("--agent json:loads", "no method act"),
        ("--budget-usd 1", "--price-in"),
        ("--budget-tokens 0", "at least 1"),
        ("--concurrency 0", "at least 1"),
        ("--temperature -1 --agent openai:m", "temperature"),
        ("--prices no.yaml", "cannot be read"),
    ],
)
def test_what_cannot_be_is_one_line(
    change: str, told: str, run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f"eval --tasks {run_folder} --count 2 --agent random --quiet --no-floors --out {tmp_path}/e"
    assert run(words, capsys)[0] == 0
    before = (tmp_path / "e" / "rollouts.jsonl").read_bytes()
    code, out, err = run(f"{words} --resume {change}", capsys)
    assert (code, out) == (2, "")
    assert err.startswith("funreason: ")
    assert told in err
    assert err.count("\n") == 1
    assert (tmp_path / "e" / "rollouts.jsonl").read_bytes() == before


def test_money_is_asked_for(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = f"eval --tasks {run_folder} --count 2 --agent openai:m --no-floors --price-in 2 --price-out 8"
    with StubEndpoint(says("At home.")) as stub:
        code, _, err = run(f"{words} --base-url {stub.url} --out {tmp_path}/e", capsys)
        assert (code, stub.requests) == (2, [])
        assert "this costs money, $0." in err
        assert not (tmp_path / "e" / "rollouts.jsonl").exists()
        code, out, err = run(f"{words} --base-url {stub.url} --out {tmp_path}/e --yes", capsys)
        assert code == 0
        assert "tokens in" in out
        assert "$0.0" in out
        code, _, err = run(f"{words} --base-url {stub.url} --out {tmp_path}/f --yes --budget-tokens 20", capsys)
        assert code == 2
        assert "the budget of 20 tokens is spent" in err
    code, _, err = run(f"{words.split(' --price')[0]} --out {tmp_path}/g", capsys)
    assert code == 2
    assert "price not known" in err


def test_an_agent_of_ones_own_is_imported(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_silent_agent.py").write_text(
        "class Silent:\n    def act(self, move):\n        return {'role': 'assistant', 'content': '…'}\n",
        encoding="utf-8",
    )
    code, _, err = run(f"eval --tasks {run_folder} --count 2 --agent my_silent_agent:Silent --out e --json", capsys)
    assert code == 0, err
    assert {each.agent for each in rollouts_in(tmp_path / "e")} == {"my_silent_agent:Silent"}


def test_stored_rollouts_are_compared_and_scored_again(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for agent in ("idle", "oracle"):
        words = f"eval --tasks {run_folder} --agent {agent} --quiet --no-floors -n 1 --out {tmp_path}/{agent}"
        assert run(words, capsys)[0] == 0
    code, out, _ = run(f"eval compare {tmp_path}/idle {tmp_path}/oracle --json", capsys)
    assert code == 0
    assert json.loads(out)[0]["p"] == pytest.approx(2 / 2**12, abs=1e-6)
    code, out, _ = run(f"eval compare {tmp_path}/idle {tmp_path}/oracle", capsys)
    assert "McNemar, exact" in out
    assert run(f"eval compare {tmp_path}/idle", capsys)[0] == 2
    assert run(f"eval compare {tmp_path}/idle {tmp_path}/none", capsys)[0] == 2
    out_file = tmp_path / "again.jsonl"
    words = f"score --tasks {run_folder} --transcripts {tmp_path}/oracle --out {out_file}"
    assert run(words, capsys)[0] == 0
    assert out_file.read_bytes() == (tmp_path / "oracle" / "rollouts.jsonl").read_bytes()
    assert run(words, capsys)[0] == 2


# ------------------------------------------------------------------------------------------------------------ page


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, Any]]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_shows_strangers_as_text() -> None:
    played = [
        msgspec.structs.replace(
            rollout("<script>alert(1)</script>", float(sample > 1), sample), agent='a"><img src=x>\x1b'
        )
        for sample in range(4)
    ]
    figures = figures_of(played, [], Prices())
    text = eval_page(figures, played, [0.5, 1.5])
    page = Page()
    page.feed(text)
    assert page.open == []
    names = {name for name, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe"}
    assert not any({"src", "href"} & set(attributes) for _, attributes in page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert "\x1b" not in text
    assert "prefers-color-scheme: dark" in text
    assert "pass^4" in text


def test_calls_that_no_tool_knows_are_counted(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StubEndpoint(Script(calls(("fly", "{}")), says("No."))) as stub:
        words = f"eval --tasks {run_folder} --count 1 --agent openai:m --base-url {stub.url} --no-floors"
        code, out, _ = run(f"{words} --out {tmp_path}/e", capsys)
    assert code == 0
    assert "1 calls, 1 of them invalid" in out
    assert "stopped by stop" in out


def test_what_was_there_before_is_never_taken_away(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe stands in for whatever is no file: it is neither removed nor replaced, and never read for ever."""
    os.mkfifo(tmp_path / "pipe")
    words = f"rollouts --tasks {run_folder} --count 1 --agent idle --out {tmp_path}/pipe"
    code, _, err = run(f"{words} --resume", capsys)
    assert (code, err.count("\n")) == (2, 1)
    assert (tmp_path / "pipe").is_fifo()
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(b"")
    with StubEndpoint(fails(401, "no")) as stub:
        words = (
            f"rollouts --tasks {run_folder} --count 1 --agent openai:m --base-url {stub.url} --overwrite --out {kept}"
        )
        assert run(words, capsys)[0] == 2
    assert kept.exists()
