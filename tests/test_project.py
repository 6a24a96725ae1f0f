"""Rules that hold for every module and for what is shipped.

1. `__all__` is a literal, sorted as ruff's RUF022 sorts it.
2. A module has at most 400 lines.
3. Every module, and every public function, class and method has a docstring.
4. The wheel carries the code and every data file of the packages.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
PACKAGES = ("env_specs", "fr_envs", "fr_synth")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
DATA_SUFFIXES = {".css", ".html", ".json", ".ngrams", ".yaml"}
MAX_LINES = 400

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=relative)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def exported(tree: ast.Module) -> list[str] | None:
    """What `__all__` lists, None where a module declares none."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value and any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(value))
    return None


def export_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Constants, then classes, then the rest, each in natural order."""
    group = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    pieces = re.findall(r"\d+|\D+", name)
    return group, [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in pieces]


def inherits_its_docstring(node: Definition) -> bool:
    names = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(names & {"override", "overload", "setter", "deleter"})


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        name = prefix + node.name
        if not ast.get_docstring(node) and not inherits_its_docstring(node):
            yield name
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, f"{name}.")


@every_module
def test_exports_are_sorted(path: Path) -> None:
    names = exported(parse(path))
    assert names is None or names == sorted(set(names), key=export_order)


@every_module
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.slow
@every_module
def test_everything_public_has_a_docstring(path: Path) -> None:
    tree = parse(path)
    assert ast.get_docstring(tree), "the module has none"
    assert list(undocumented(tree.body)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_carries_code_and_data(package: str) -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    files = [path for path in (ROOT / package).rglob("*") if path.is_file()]
    needed = {relative(path) for path in files if path.suffix in DATA_SUFFIXES | {".py", ".typed"}}
    assert needed
    assert needed <= shipped


def test_the_wheel_carries_the_contracts() -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert "env_specs/spec.schema.json" in shipped
    assert {name for name in shipped if re.fullmatch(r"env_specs/\w+\.yaml", str(name))}


def test_export_order_is_that_of_ruff() -> None:
    names = ["MAX_TURNS", "Apple", "S", "Tool2", "Tool10", "_x", "apply"]
    assert sorted(set(names), key=export_order) == names


def test_only_public_definitions_need_a_docstring() -> None:
    source = '''
class A:
    """Yes."""

    def b(self): ...
    @typing.override
    def c(self): ...
    def _d(self): ...
    def __len__(self): ...

def _e(): ...
def f(): ...
'''
    assert list(undocumented(ast.parse(source).body)) == ["A.b", "f"]
