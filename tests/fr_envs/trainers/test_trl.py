"""TRL's environments, against what TRL 1.16 documents: methods are tools, `reset(**row)`, rewards see environments.

``make conformance`` trains two steps with TRL itself.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pytest
from typing_extensions import override

from fr_envs import UsageError, load_domain
from fr_envs.contract.view import ToolView, View
from fr_envs.trainers.parts import trl_offers
from fr_envs.trainers.parts.trl_tools import described, hint_of, method_of
from fr_envs.trainers.parts.trl_world import REPLY
from fr_envs.trainers.trl import environment_factories, environment_of, reward
from tests.fr_envs.trainers.tasks import TASK, TEXT

if TYPE_CHECKING:
    from fr_envs.episode.task import Task

LAST = msgspec.structs.replace(TASK, turns=TASK.turns[1:])
VIEW = View((
    ToolView("pwd", name="tool_3"), ToolView("mkdir", name="add_folder", parameters={"path": "where"}), ToolView("ls"),
))  # fmt: skip
RENAMED = msgspec.structs.replace(TASK, view=VIEW)


def plain(task: Task) -> str:
    return msgspec.json.encode(task).decode()


def tools_of(world: Any) -> list[str]:
    """Names of the tools as TRL finds them."""
    found = [name for name, _ in inspect.getmembers(type(world), predicate=inspect.isfunction)]
    return [name for name in found if name not in ("reset", "get_reward") and not name.startswith("_")]


def test_every_tool_is_a_method() -> None:
    world = environment_factories([TASK])["filesystem"]()
    assert tools_of(world) == sorted([*load_domain("filesystem").spec.tools, REPLY])
    offered = environment_factories([TEXT, LAST])
    assert tools_of(offered[environment_of(LAST)]()) == ["ls", "pwd", REPLY]
    assert environment_of(TASK) == "filesystem"
    assert list(offered) == ["filesystem", environment_of(LAST)]


def test_several_turns_are_played_in_one_rollout() -> None:
    world: Any = environment_factories([TASK])["filesystem"]()
    assert world.mkdir(path="early") == '{"error": {"code": "episode_over", "message": "The conversation is over."}}'
    assert REPLY in world.reset(task=TEXT, id="t-1")
    assert "error" not in json.loads(world.mkdir(path="drafts"))
    assert world.reply_to_user("Done.") == "Where am I?"
    here = json.loads(world.pwd())["path"]
    said = [{"role": "user", "content": ""}, {"role": "assistant", "content": f"In {here}."}]
    assert reward(completions=[said], environments=[world], prompts=["…"]) == [1.0]
    assert world.reply_to_user("More.") == "The conversation is over."
    assert world.reset(task=TEXT) is not None  # instances are used again
    assert reward([[{"role": "assistant", "content": "Hm."}]], [world]) == [0.0]


def test_tools_are_called_as_the_view_of_a_task_calls_them() -> None:
    name = environment_of(RENAMED)
    world: Any = environment_factories([RENAMED])[name]()
    assert tools_of(world) == ["add_folder", "ls", REPLY, "tool_3"]
    assert list(inspect.signature(world.add_folder).parameters) == ["where", "parents"]
    world.reset(task=plain(RENAMED))
    assert "error" not in json.loads(world.add_folder(where="drafts"))
    world.reply_to_user("Done.")
    said = {"role": "assistant", "content": f"In {json.loads(world.tool_3())['path']}."}
    assert reward([[said]], [world]) == [1.0]


def test_under_the_name_of_the_world_tasks_are_played_in_the_names_of_the_contract() -> None:
    world: Any = environment_factories([RENAMED])["filesystem"]()
    assert tools_of(world) == sorted([*load_domain("filesystem").spec.tools, REPLY])
    world.reset(task=plain(RENAMED))
    assert json.loads(world.cd(path="/"))["error"]["message"] == "There is no tool 'cd'. Tools: pwd, mkdir, ls."
    assert "error" not in json.loads(world.mkdir(path="drafts"))
    world.reply_to_user("Done.")
    said = {"role": "assistant", "content": f"In {json.loads(world.pwd())['path']}."}
    assert reward([[said]], [world]) == [1.0]


def test_environments_are_told_apart_by_the_tools_that_they_show() -> None:
    turned = View(tuple(reversed(VIEW.tools)))
    other = View((*VIEW.tools[:2], ToolView("ls", description="What is here.")))
    several = [environment_of(msgspec.structs.replace(TASK, view=each)) for each in (None, VIEW, turned, other)]
    assert several[0] == "filesystem"
    assert several[1] == several[2]  # TRL sorts tools by name
    assert len({*several}) == 3


def test_an_offer_is_worked_out_once_and_a_tool_is_made_once() -> None:
    views = [View((ToolView("pwd", name=f"here_{number}"), *VIEW.tools[1:])) for number in range(6)]
    tasks = [msgspec.structs.replace(TASK, id=f"t-{number}", view=views[number % 6]) for number in range(60)]
    trl_offers._shown.cache_clear()
    trl_offers._method.cache_clear()
    made = environment_factories(tasks)
    assert len(made) == 7
    assert trl_offers._shown.cache_info().misses == 6
    own = len(load_domain("filesystem").spec.tools)
    assert trl_offers._method.cache_info().misses <= own + 6 + len(VIEW.tools)


class Counted(list[Any]):
    """A list that counts what is compared with its items."""

    compared = 0

    @override
    def __contains__(self, item: object) -> bool:
        for each in self:
            self.compared += 1
            if each is item or each == item:
                return True
        return False


def looked_at(worlds: list[Any]) -> Counted:
    """What TRL does when it starts."""
    found = Counted()
    for world in worlds:
        found += [method for method in (getattr(world, name) for name in tools_of(world)) if method not in found]
    return found


def test_what_trl_compares_when_it_starts_grows_with_the_tasks_alone() -> None:
    """Twice as many environments of tools that are alike take twice as many comparisons, not four times as many."""
    names, needed = list(load_domain("filesystem").spec.tools), ("pwd", "mkdir", "ls")
    others = [name for name in names if name not in needed]
    compared = []
    for number in (20, 40):
        views = [View(tuple(map(ToolView, (*needed, *others[at : at + 4])))) for at in range(number)]
        factories = environment_factories([msgspec.structs.replace(TASK, view=each) for each in views])
        assert len(factories) == number + 1
        found = looked_at([made() for made in factories.values()])
        compared.append(found.compared)
        assert len(found) == len(names) + 1
    assert compared[1] < 2.5 * compared[0]


def test_a_look_at_an_environment_leaves_its_rollouts_alone() -> None:
    made: Any = environment_factories([TASK])["filesystem"]
    first, second = made(), made()
    shown = {name: getattr(first, name) for name in tools_of(first)}
    assert {name: str(inspect.signature(each)) for name, each in shown.items()} == {
        name: str(inspect.signature(getattr(second, name))) for name in shown
    }
    played = {name: getattr(first, name) for name in shown}  # as a rollout begins, before its reset
    first.reset(task=TEXT)
    second.reset(task=TEXT)
    assert "error" not in json.loads(played["mkdir"](path="drafts"))
    assert "drafts" in json.loads(first.ls(path="."))["names"]
    assert "drafts" not in json.loads(second.ls(path="."))["names"]
    assert json.loads(shown["pwd"]())["error"]["code"] == "episode_over"  # what only shows a tool plays nothing


@pytest.mark.parametrize("name", ["reset", "get_reward", "_pwd"])
def test_a_name_that_trl_shows_no_model_is_refused(name: str) -> None:
    view = View((ToolView("pwd", name=name), ToolView("mkdir"), ToolView("ls")))
    with pytest.raises(UsageError, match=f"task 't-1' offers a tool '{name}', a name that TRL shows no model; give"):
        environment_factories([msgspec.structs.replace(TASK, view=view)])


def test_a_rollout_that_was_cut_off_says_nothing_more() -> None:
    world: Any = environment_factories([TASK], {"step_cost": 0.25})["filesystem"]()
    assert reward([[]], [world]) == [0.0]
    world.reset(task=TEXT)
    world.mkdir(path="drafts")
    call = {"type": "function", "function": {"name": "pwd", "arguments": {}}}
    assert reward([[{"role": "assistant", "content": "", "tool_calls": [call]}]], [world]) == [-0.25]
    assert reward([[{"role": "tool", "content": "{}"}]], [world]) == [-0.25]
    assert environment_factories([LAST])[environment_of(LAST)]().reset(task=msgspec.json.encode(LAST).decode()) is None
    world.reply_to_user("Done.")
    assert world.reply_to_user("Bye.") == "The conversation is over."


def test_what_is_no_task_is_refused() -> None:
    with pytest.raises(UsageError, match="the row holds no task: give a column task"):
        environment_factories([TASK])["filesystem"]().reset(id="t-1")
    with pytest.raises(UsageError, match="no tasks, so there is no environment"):
        environment_factories([])


def test_methods_say_what_schemas_say() -> None:
    for tool in load_domain("banking").openai_tools:
        function = tool["function"]
        method = method_of(function)
        shown = inspect.signature(method)
        assert (method.__name__, shown.return_annotation) == (function["name"], str)
        assert set(shown.parameters) - {"_world"} == set(function["parameters"]["properties"])
        for key, parameter in shown.parameters.items():
            if key != "_world":
                assert (parameter.default is inspect.Parameter.empty) == (key in function["parameters"]["required"])
        assert (method.__doc__ or "").startswith(function["description"])


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        ({"type": "string"}, str),
        ({"enum": ["a", 1]}, Literal["a", 1]),
        ({"type": "array", "items": {"type": "integer"}}, list[int]),
        ({"type": "array"}, list),
        ({"type": "object"}, dict),
        ({}, dict),
        ({"type": ["string", "null"]}, str | None),
        ({"anyOf": [{"type": "number"}, {"type": "boolean"}]}, float | bool),
    ],
)
def test_hints(schema: Any, hint: Any) -> None:
    assert hint_of(schema) == hint


def test_what_hints_cannot_say_stands_in_the_description() -> None:
    assert described({"type": "string", "description": "A  name\nof it."}) == "A name of it."
    assert described({"type": "integer", "minimum": 1}) == 'Schema: {"minimum": 1}'
    inner = {"type": "array", "items": {"type": "string", "pattern": "^a"}, "description": "Some."}
    assert described(inner) == 'Some. Schema: {"items": {"type": "string", "pattern": "^a"}}'


def test_names_that_python_cannot_write_are_described() -> None:
    class World:
        def _call(self, name: str, arguments: Any) -> str:
            return json.dumps([name, arguments])

    schema = {"properties": {"class": {"type": "string"}, "self": {"type": "string"}}, "required": ["self"]}
    method = method_of({"name": "odd-one", "description": "Odd.", "parameters": schema})
    assert list(inspect.signature(method).parameters) == ["_world", "self"]
    assert (method.__doc__ or "").startswith('Odd. Also takes: {"class": {"type": "string"}}')
    assert method(World(), **{"class": "a", "self": "b"}) == '["odd-one", {"class": "a", "self": "b"}]'
    bare = method_of({"name": "bare", "description": "Bare.", "parameters": {}})
    assert (bare.__doc__ or "").splitlines()[:2] == ["Bare.", ""]
