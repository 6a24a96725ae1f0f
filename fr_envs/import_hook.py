"""Do something right after a module has been imported, whoever imports it and whenever.

Python looks for modules with the finders of ``sys.meta_path``. One of ours stands first there until the module has
been imported, and is gone then; the module keeps the loader that it would have had. Finder and loader have no base
classes: importing ``importlib.abc`` takes longer than everything else that ``import fr_envs`` does.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["after_import"]


def after_import(name: str, action: Callable[[], None]) -> None:
    """Call an action once a submodule has been imported: now if that has happened, else when it happens.

    If another thread is importing the package just now, this waits until it has. An import that fails changes nothing:
    the action waits for one that succeeds.

    Args:
        name: Full name of the submodule. Its package has to import it, so that no import of it goes by unseen.
        action: What to do; may be called more than once. Asking for the same again changes nothing.
    """
    finder = _waiting(name, action)
    # First the finder, then this look: whoever begins to import the package after it meets the finder.
    package = name.partition(".")[0]
    if sys.modules.get(package) is not None:
        with contextlib.suppress(ImportError):  # a package that is broken is for those to mend who use it
            importlib.import_module(package)  # waits for a thread that is in the middle of it
    if name in sys.modules:
        finder.leave()
        action()


def _waiting(name: str, action: Callable[[], None]) -> _Finder:
    """Return the finder that waits for a module with an action; put it there if there is none."""
    for there in sys.meta_path:
        if isinstance(there, _Finder) and (there.name, there.action) == (name, action):
            return there
    finder = _Finder(name, action)
    sys.meta_path.insert(0, finder)
    return finder


class _Finder:
    """Finds one module, where the other finders do, and has it loaded with an action afterwards."""

    def __init__(self, name: str, action: Callable[[], None]) -> None:
        self.name = name
        self.action = action

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = self._found_by_others(path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            assert spec.loader is not None
            spec.loader = cast("Loader", _ActingLoader(spec.loader, self))
        return spec

    def _found_by_others(self, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            find_spec = None if finder is self else getattr(finder, "find_spec", None)
            found: ModuleSpec | None = find_spec(self.name, path, target) if find_spec is not None else None
            if found is not None:
                return found
        return None

    def leave(self) -> None:
        """Take this finder out of ``sys.meta_path``.

        The list is replaced, not changed: another thread that is going through it would miss the finder after this one.
        What other threads add to the old list meanwhile is taken over.
        """
        before = sys.meta_path
        sys.meta_path = [finder for finder in before if finder is not self]
        for finder in before:
            if finder is not self and finder not in sys.meta_path:
                sys.meta_path.append(finder)


class _ActingLoader:
    """Loads a module as another loader does, and calls the action of a finder afterwards."""

    def __init__(self, loader: Loader, finder: _Finder) -> None:
        self.loader = loader
        self.finder = finder

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:  # whoever looks at the module or reloads it finds its own loader
            module.__spec__.loader = self.loader
        module.__loader__ = self.loader
        self.loader.exec_module(module)
        self.finder.leave()
        self.finder.action()

    def __getattr__(self, name: str) -> object:
        """Pass on what a loader may have beside: its source, its files."""
        return getattr(self.loader, name)
