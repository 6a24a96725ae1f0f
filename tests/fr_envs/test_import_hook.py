"""The worlds are in Gymnasium's registry whatever is imported first, and nothing else is changed for it.

1. Either order works: in the middle of a program, in threads, in spawned processes, after an import that failed.
2. Afterwards `sys.meta_path` is as it was, and the module has its own loader; reloading works.
3. Whoever only looks for the module sees what its own loader has.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import multiprocessing
import subprocess
import sys
import textwrap
from importlib.abc import Loader
from typing import TYPE_CHECKING, Any

import gymnasium
import pytest
from typing_extensions import override

import fr_envs
from fr_envs.import_hook import after_import
from fr_envs.registration import ENV_IDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def run(code: str, *, cwd: Path | None = None) -> list[str]:
    """Run code in a fresh interpreter that takes warnings for errors; return the lines that it prints."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


MADE = "env = gymnasium.make('FunReason/Banking-v0'); env.reset(seed=7); print(env.spec.id)"


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports",
    [
        "import gymnasium, fr_envs",
        "import fr_envs, gymnasium",
        "import fr_envs, gymnasium as _, gymnasium",
        "import fr_envs; from gymnasium.envs.registration import registry; import gymnasium",
        "from fr_envs import load_domain; load_domain('banking'); import gymnasium",
        "import fr_envs.episode.session, gymnasium",
        "from fr_envs import ToolEnv; import gymnasium",
    ],
)
def test_either_order_works(imports: str) -> None:
    assert run(f"{imports}\n{MADE}") == ["FunReason/Banking-v0"]


@pytest.mark.slow
def test_gymnasium_in_the_middle_of_a_program() -> None:
    code = """
        import fr_envs
        from fr_envs.adapters.python.objects import domain_from_object

        class Counter:
            def __init__(self) -> None:
                self.count = 0
            def add(self, amount: int) -> int:
                "Add to the count."
                self.count += amount
                return self.count

        fr_envs.register_world("early", lambda: domain_from_object(Counter, name="early"))
        import gymnasium
        fr_envs.register_world("late", lambda: domain_from_object(Counter, name="late"))
        for env_id in ("FunReason/Early-v0", "FunReason/Late-v0", "FunReason/Travel-v0"):
            env = gymnasium.make(env_id)
            env.reset(seed=1)
            print(env.unwrapped.session.domain.name)
    """
    assert run(code) == ["early", "late", "travel"]


@pytest.mark.slow
def test_nothing_of_the_hook_is_left() -> None:
    code = """
        import sys
        before = list(sys.meta_path)
        import fr_envs
        waiting = len(sys.meta_path) - len(before)
        import gymnasium
        from gymnasium.envs import registration
        print(waiting, sys.meta_path == before)
        print(type(registration.__loader__).__name__, type(registration.__spec__.loader).__name__)
        fr_envs.register_envs()
        print(sys.meta_path == before)
        import inspect
        print(inspect.getsource(registration.make).splitlines()[0])
    """
    assert run(code) == ["1 True", "SourceFileLoader SourceFileLoader", "True", "def make("]


def test_registering_again_and_reloading_change_nothing() -> None:
    code = """
        import importlib, sys
        import fr_envs
        fr_envs.register_envs()
        importlib.reload(fr_envs)
        print(len([finder for finder in sys.meta_path if type(finder).__module__ == "fr_envs.import_hook"]))
        import gymnasium
        specs = dict(gymnasium.registry)
        importlib.reload(fr_envs)
        importlib.reload(gymnasium)
        print(gymnasium.registry == specs, all(gymnasium.registry[name] is spec for name, spec in specs.items()))
        from gymnasium.envs import registration
        importlib.reload(registration)  # forgets everybody's environments, ours included
        fr_envs.register_envs()
        print(sorted(name for name in registration.registry if name.startswith("FunReason/")))
    """
    assert run(code) == ["1", "True True", str(sorted(ENV_IDS))]


def test_an_import_that_fails_fails_as_ever_and_can_be_made_again(tmp_path: Path) -> None:
    (tmp_path / "parcel").mkdir()
    (tmp_path / "parcel" / "__init__.py").write_text("from parcel import inner\n")
    (tmp_path / "parcel" / "inner.py").write_text("import no_such_module_anywhere\nvalue = 1\n")
    code = """
        import importlib, sys, types
        sys.path.insert(0, ".")
        from fr_envs.import_hook import after_import
        done = []
        after_import("parcel.inner", lambda: done.append(sys.modules["parcel.inner"].value))
        try:
            import parcel
        except ModuleNotFoundError as error:
            print(error.name, done)
        sys.modules["no_such_module_anywhere"] = types.ModuleType("no_such_module_anywhere")
        import parcel
        print(done)
    """
    assert run(code, cwd=tmp_path) == ["no_such_module_anywhere []", "[1]"]


@pytest.mark.parametrize("stand_in", ["None", "types.ModuleType('gymnasium')"])
def test_a_gymnasium_that_is_none_keeps_no_world_from_being_used(stand_in: str) -> None:
    code = f"""
        import sys, types
        sys.modules["gymnasium"] = {stand_in}
        import fr_envs
        print(fr_envs.load_domain("banking").name)
    """
    assert run(code) == ["banking"]


def test_threads_that_import_at_once_find_the_worlds() -> None:
    code = """
        import importlib, threading
        together = threading.Barrier(4)
        found = []
        def work(names):
            together.wait()
            for name in names:
                importlib.import_module(name)
            import gymnasium
            found.append("FunReason/Travel-v0" in gymnasium.registry)
        jobs = [("fr_envs", "gymnasium"), ("gymnasium", "fr_envs"), ("wsgiref.util", "fr_envs"), ("fr_envs.errors",)]
        threads = [threading.Thread(target=work, args=(names,)) for names in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(found)
    """
    assert run(code) == ["[True, True, True, True]"]


def _made(spec: Any) -> str:
    env = gymnasium.make(spec)
    env.reset(seed=7)
    return str(env.step('{"name": "list_accounts", "arguments": {}}')[0])


@pytest.mark.slow
def test_a_spec_is_picked_up_in_a_spawned_process() -> None:
    env = gymnasium.make("FunReason/Banking-v0")
    assert env.spec is not None
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_made, (env.spec,)) == _made(env.spec)


@pytest.mark.slow
def test_a_world_is_picked_up_in_a_spawned_process() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_name_of, (fr_envs.load_domain("travel"),)) == ("travel", True)


def _name_of(domain: fr_envs.Domain[Any]) -> tuple[str, bool]:
    return domain.name, "FunReason/Travel-v0" in gymnasium.registry


class Shelf:
    """A finder that knows one module of a package, and nothing of `find_spec`'s elder brothers."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> Any:
        return importlib.machinery.ModuleSpec(name, Tin()) if name == self.name else None


class Tin(Loader):
    """A loader that makes its modules itself and has the attribute that some loaders have."""

    @override
    def exec_module(self, module: Any) -> None:
        module.value = 5

    def get_source(self, name: str) -> str:
        return f"# {name}"


@pytest.fixture
def tin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a submodule that a finder of somebody else's knows, in a package that nobody has imported."""
    (tmp_path / "larder").mkdir()
    (tmp_path / "larder" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, object(), Shelf("larder.tin")])
    yield "larder.tin"
    for name in ("larder", "larder.tin"):
        sys.modules.pop(name, None)


def test_a_module_comes_from_whoever_knows_it(tin: str) -> None:
    values: list[int] = []
    before = list(sys.meta_path)
    after_import(tin, lambda: values.append(importlib.import_module(tin).value))
    assert not values
    looked_at = importlib.util.find_spec(tin)
    assert looked_at is not None
    assert looked_at.loader is not None
    assert looked_at.loader.get_source(tin) == "# larder.tin"  # type: ignore[attr-defined]
    module = importlib.import_module(tin)
    assert values == [5]
    assert isinstance(module.__loader__, Tin)
    assert sys.meta_path == before
    after_import(tin, lambda: values.append(6))
    assert values == [5, 6]
    assert sys.meta_path == before


def test_what_comes_while_the_finder_leaves_is_kept(tin: str) -> None:
    late = Shelf("larder.none")
    after_import(tin, lambda: None)
    mine = sys.meta_path[0]

    class Slow(list[Any]):
        """A list to which somebody adds a finder right after it has been copied."""

        @override
        def __iter__(self) -> Iterator[Any]:
            yield from list(super().__iter__())
            if late not in list(super().__iter__()):
                self.append(late)

    sys.meta_path = Slow(sys.meta_path)
    importlib.import_module(tin)
    assert mine not in sys.meta_path
    assert late in sys.meta_path
