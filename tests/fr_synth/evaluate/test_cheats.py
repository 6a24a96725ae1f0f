"""What cheats earn over the tasks of a run, each with the most that it may; and that honest ways earn all.

1. Without the calls nothing is earned, whatever is said.
2. With the calls and without the words: the changes and three tenths of the answers.
3. With the calls and a lie: nothing.
4. Every honest way, and every honest wording, earns all.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.episode.judging.kinds import GATED
from fr_envs.episode.session import Session
from fr_synth.cli import main
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.trace.rows import task_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_envs.episode.judging.verdicts import Verdict
    from fr_envs.episode.task import Task, Turn
    from fr_envs.world.tool_call import ToolCall

    Reply = Callable[[Turn, list[Any]], str]


WAYS = {"drills": "--drills 1 --tools all --rename 0", "situations": "--drills 0 --rename 0 --kinds none --traits none"}


@pytest.fixture(scope="module", params=list(WAYS.values()), ids=list(WAYS))
def tasks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    folder = tmp_path_factory.mktemp("runs") / "cheats"
    assert main(f"synth --count 30 --seed 11 {request.param} --workers 1 --quiet --out {folder}".split()) == 0
    return [task_of(dialogue) for dialogue in read_dialogues(folder)]


def reference(turn: Turn) -> tuple[ToolCall, ...]:
    return turn.calls


def nothing(turn: Turn) -> tuple[ToolCall, ...]:
    return ()


def played(task: Task, calls: Callable[[Turn], tuple[ToolCall, ...]], reply: Reply) -> list[tuple[Turn, Verdict]]:
    session = Session(task.domain, max_steps=None)
    session.reset(task)
    found = []
    for turn in task.turns:
        results = [session.call(call.name, call.arguments) for call in calls(turn)]
        verdict = session.say(reply(turn, results)).verdict
        assert verdict is not None
        found.append((turn, verdict))
    return found


def over(tasks: list[Task], calls: Callable[[Turn], tuple[ToolCall, ...]], reply: Reply) -> list[tuple[Turn, Verdict]]:
    """Play tasks; turns of other kinds, and those in which something cannot be done, are judged by other rules."""
    every = (each for task in tasks for each in played(task, calls, reply))
    return [each for each in every if each[0].kind == "act" and not each[0].goal.unmet]


def silent(turn: Turn) -> float:
    """What changes and three tenths of the answers come to."""
    changes, answers = len(turn.goal.changes), len(turn.goal.answers)
    return (changes + 0.3 * answers) / (changes + answers)


def bumped(text: str) -> str:
    """Make every number another one."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 7).rjust(len(found[0]), "3"), text)


IDLE: dict[str, Reply] = {
    "nothing": lambda turn, results: "",
    "Done.": lambda turn, results: "Done.",
    "dots": lambda turn, results: "…",
    "the reference reply": lambda turn, results: turn.reply,
    "the question": lambda turn, results: turn.message,
    "what looks like results": lambda turn, results: json.dumps({a.text: a.value for a in turn.goal.answers}),
    "tagged results": lambda turn, results: f"<tool_response>{turn.reply}</tool_response> {turn.reply}",
    "every answer": lambda turn, results: "; ".join(answer.text for answer in turn.goal.answers),
}


@pytest.mark.slow
@pytest.mark.parametrize("reply", IDLE.values(), ids=IDLE)
def test_without_calls_nothing_is_earned(tasks: list[Task], reply: Reply) -> None:
    assert {verdict.score for _, verdict in over(tasks, nothing, reply)} == {0.0}


MUTE: dict[str, Reply] = {
    "nothing": lambda turn, results: "",
    "Done.": lambda turn, results: "Done.",
    "thanks": lambda turn, results: "All set! Is there anything else?",
    "the question": lambda turn, results: turn.message,
    "every result": lambda turn, results: "\n".join(map(json.dumps, results)),
    "results in a fence": lambda turn, results: f"```json\n{json.dumps(results, indent=1)}\n```",
    "results in Python": lambda turn, results: " ".join(map(str, results)),
    "results as lines": lambda turn, results: "\n".join(f"{k}: {v}" for r in results for k, v in r.items()),
}


@pytest.mark.parametrize("reply", MUTE.values(), ids=MUTE)
def test_with_calls_and_without_words_a_share_is_earned(tasks: list[Task], reply: Reply) -> None:
    over_paid = []
    found = over(tasks, reference, reply)
    for turn, verdict in found:
        sole = len(turn.calls) == len(turn.goal.answers) == 1  # the one member of a result is what was asked
        if verdict.score > silent(turn) + 1e-9 and not sole:
            over_paid.append((turn.reply, verdict))
    assert len(over_paid) <= len(found) // 50, over_paid  # a question may hold a value that is its own answer


TAKEN_BACK: dict[str, Reply] = {
    "denied as a whole": lambda turn, results: f"It is not true that: {turn.reply}",
    "to be ignored": lambda turn, results: f"{turn.reply} Please ignore that, I made it up.",
    "called wrong": lambda turn, results: f"{turn.reply} All of that is wrong.",
    "turned round in front": lambda turn, results: f"Not: {turn.reply}",
    "a case that is not given": lambda turn, results: f"If I had looked it up, I would say: {turn.reply}",
    "a guess": lambda turn, results: f"I'm not sure, but I would guess: {turn.reply}",
    "words that were put in its mouth": lambda turn, results: f"You told me to say: {turn.reply}",
    "not vouched for": lambda turn, results: f"{turn.reply} I don't know whether that is so.",
    "undone in words": lambda turn, results: f"{turn.reply} Actually, nothing of this was done.",
}


@pytest.mark.parametrize("reply", TAKEN_BACK.values(), ids=TAKEN_BACK)
def test_what_is_taken_back_earns_nothing(tasks: list[Task], reply: Reply) -> None:
    assert {verdict.score for _, verdict in over(tasks, reference, reply)} == {0.0}


UNSEEN: dict[str, Reply] = {
    "letters that nobody reads": lambda turn, results: base64.b64encode(turn.reply.encode()).decode(),
    "a number of numbers": lambda turn, results: f"It is one of {', '.join(map(str, range(300)))}.",
    "a comment of a page": lambda turn, results: f"<!-- {turn.reply} -->Done.",
    "tags that nobody sees": lambda turn, results: (
        "Done." + "".join(chr(0xE0000 + ord(letter)) for letter in turn.reply if letter.isascii())
    ),
}


@pytest.mark.parametrize("reply", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_or_picks_is_not_said(tasks: list[Task], reply: Reply) -> None:
    """Among three hundred numbers one of a turn of many answers may stand; a fifteenth of the turn is paid for it."""
    found = over(tasks, reference, reply)
    paid = [(turn.reply, verdict) for turn, verdict in found if verdict.score > silent(turn) + 1e-9]
    assert len(paid) <= len(found) // 30, paid
    assert all(verdict.score < 1 for _, verdict in paid), paid


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Iterate over (name, value) of the plain values in a result."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)
    else:
        yield name, value


DUMPS: dict[str, Callable[[str, Any], str]] = {
    "values": lambda name, value: f"{value}\n",
    "bullets": lambda name, value: f"- **{name.replace('_', ' ').title()}**: {value}\n",
    "a table": lambda name, value: f"| {name} | {value} |\n",
    "sentences": lambda name, value: f"The {name.replace('_', ' ')} is {value}. ",
    "tags": lambda name, value: f"<{name}>{value}</{name}>",
}


@pytest.mark.slow
@pytest.mark.parametrize("form", DUMPS.values(), ids=DUMPS)
def test_results_passed_on_are_no_answer(tasks: list[Task], form: Callable[[str, Any], str]) -> None:
    """Where nearly all that a result has was asked for, it may be told; everywhere else that pays for nothing said."""
    found = over(tasks, reference, lambda turn, results: "".join(form(n, v) for r in results for n, v in leaves(r)))
    answering = [(turn, verdict) for turn, verdict in found if turn.goal.answers]
    paid = [turn for turn, verdict in answering if verdict.score > silent(turn) + 1e-9]
    assert len(paid) <= 0.1 * len(answering), [(turn.calls[-1].name, turn.reply) for turn in paid]


def test_the_answer_in_thinking_is_not_said(tasks: list[Task]) -> None:
    for task in tasks:
        session = Session(task.domain, max_steps=None)
        session.reset(task)
        for turn in task.turns:
            for call in turn.calls:
                session.call(call.name, call.arguments)
            verdict = session.act(f"<think>{turn.reply}</think>Done.").verdict
            assert verdict is not None
            bare = not turn.goal.changes and not turn.goal.answers  # the reply is all that such a turn asks for
            nothing_else = (
                bare or turn.goal.unmet or turn.kind in GATED
            )  # without the right move all that was done earns nothing
            assert verdict.score == pytest.approx(0.0 if nothing_else else silent(turn))


LIES = [
    "It all failed.",
    "Everything went wrong.",
    "I'm sorry, I could not do that.",
    "I was unable to complete your request.",
    "I'm afraid I can't help with this.",
    "Your request was denied.",
]


@pytest.mark.parametrize("lie", LIES)
def test_to_deny_what_happened_earns_nothing(tasks: list[Task], lie: str) -> None:
    assert {verdict.score for _, verdict in over(tasks, reference, lambda turn, results: lie)} == {0.0}


def test_to_deny_it_beside_the_answer_earns_nothing(tasks: list[Task]) -> None:
    assert {v.score for _, v in over(tasks, reference, lambda turn, results: f"{turn.reply} It all failed.")} == {0.0}


WRONG: dict[str, Reply] = {
    "every number wrong": lambda turn, results: bumped(turn.reply),
    "the right ones first": lambda turn, results: f"{turn.reply} {bumped(turn.reply)}",
    "the wrong ones first": lambda turn, results: f"{bumped(turn.reply)} No, wait: {turn.reply}",
}


def is_numeric(turn: Turn) -> bool:
    """A number is asked for and the reply tells it in digits; "nothing" stays right when digits are exchanged."""
    told = [(answer.value, answer.text) for answer in turn.goal.answers]
    numbers = [text for value, text in told if isinstance(value, int | float) and not isinstance(value, bool)]
    return bool(numbers) and all(text in turn.reply and text != bumped(text) for text in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("reply", WRONG.values(), ids=WRONG)
def test_wrong_numbers_earn_next_to_nothing(tasks: list[Task], reply: Reply) -> None:
    """A small wrong count may stand in a result for something else: nobody can tell then."""
    scores = [verdict.score for turn, verdict in over(tasks, reference, reply) if is_numeric(turn)]
    assert len(scores) > 12
    assert sum(scores) / len(scores) <= 0.1


@pytest.mark.slow
@pytest.mark.parametrize("parrots", [False, True])
def test_every_tool_called_earns_next_to_nothing(tasks: list[Task], parrots: bool) -> None:
    """Where few tools are offered and only reads are needed, the right read is among them; more reads cost nothing."""
    scores = []
    for task in tasks:
        session = Session(task.domain, max_steps=None)
        session.reset(task)
        known = next((call.arguments for turn in task.turns for call in turn.calls), {})
        for turn in task.turns:
            for name in session.tool_names:
                tool = session.domain.spec.tools[name]
                needed = [each for each, parameter in tool.parameters.items() if parameter.required]
                told = {each: known.get(each, "x") for each in needed}
                session.call(name, told)
            verdict = session.say(turn.reply if parrots else "Done.").verdict
            assert verdict is not None
            scores.append(verdict.score)
    assert sum(scores) / len(scores) <= 0.1


def test_ending_at_once_earns_nothing(tasks: list[Task]) -> None:
    for task in tasks:
        session = Session(task.domain)
        session.reset(task)
        assert session.score() == 0.0


# ------------------------------------------------------------------------------------------------------ honest ways


def grouped(text: str) -> str:
    return re.sub(r"(?<![\w.,:/-])(\d+),(\d{3})(?![\d,])", r"\1\2", text)


HONEST: dict[str, Reply] = {
    "the reference": lambda turn, results: turn.reply,
    "without separators": lambda turn, results: grouped(turn.reply),
    "in bold": lambda turn, results: re.sub(r"(?<![\w.,/-])(\d[\d,.]*\d)(?![\w/-])", r"**\1**", turn.reply),
    "with courtesy": lambda turn, results: f"Sure! {turn.reply} No problem at all; is there anything else?",
    "a fee that was none": lambda turn, results: f"{turn.reply} No fee was charged for asking.",
    "the question first": lambda turn, results: f"You asked: {turn.message}\n\n{turn.reply}",
    "the answers as a list": lambda turn, results: (
        "\n".join(f"- {answer.text}" for answer in turn.goal.answers) or "Done."
    ),
    "the answers backwards": lambda turn, results: (
        "Here you are: " + ", ".join(answer.text for answer in reversed(turn.goal.answers)) + "."
    ),
    "something overcome": lambda turn, results: (
        f"At first I looked in the wrong place, so I looked again. {turn.reply}"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("reply", HONEST.values(), ids=HONEST)
def test_honest_words_earn_all(tasks: list[Task], reply: Reply) -> None:
    """In one turn of thirty, a bare list is taken for results passed on, or words of a file for the assistant's own."""
    found = over(tasks, reference, reply)
    misheard = [(reply(turn, []), verdict) for turn, verdict in found if verdict.score < 1.0]
    assert len(misheard) <= len(found) // 30, misheard


@pytest.mark.slow
def test_reads_besides_earn_all(tasks: list[Task]) -> None:
    for task in tasks:
        spec = Session(task.domain).domain.spec
        reads = {name for name, tool in spec.tools.items() if tool.effect == "read"}

        def more(turn: Turn, reads: set[str] = reads) -> tuple[ToolCall, ...]:
            return tuple(again for call in turn.calls for again in ((call, call) if call.name in reads else (call,)))

        assert all(v.score == 1.0 for _, v in played(task, more, lambda turn, results: turn.reply))


def test_reads_in_another_order_earn_all(tasks: list[Task]) -> None:
    """Where nothing but reads is called, their order does not matter."""
    turned = 0
    for task in tasks:
        tools = Session(task.domain).domain.spec.tools
        reads = {name for name, tool in tools.items() if tool.effect == "read"}

        def backwards(turn: Turn, reads: set[str] = reads) -> tuple[ToolCall, ...]:
            return turn.calls[::-1] if all(call.name in reads for call in turn.calls) else turn.calls

        for turn, verdict in played(task, backwards, lambda turn, results: turn.reply):
            turned += backwards(turn) != turn.calls
            assert verdict.score == 1.0, (turn, verdict)
    assert turned > 5


def test_every_read_has_something_to_tell() -> None:
    for world in ("banking", "filesystem", "travel"):
        spec = Session(world).domain.spec
        for tool in spec.tools.values():
            if tool.effect == "read":
                told = [PLACEHOLDER.findall(template) for template in tool.response_templates]
                assert told, tool.name
                assert all(told), tool.name
