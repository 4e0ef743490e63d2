"""What following needs of the whole model, found out once and kept in the user's cache: keyed by the model's hash.

*After* an event: all states that the model may be in just after it, whatever has happened before. That is where a log
begins that begins in the middle, and where following goes on after a gap. And the minimal *causes* for which a goal is
out of reach, as :mod:`ccmproof.harness.explain` finds them.

A file that is damaged or of another form is none: what it would say is found out anew.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from ccmproof.model.kernel.causes import Causes, literal
from ccmproof.model.kernel.condition import Condition, all_of
from ccmproof.model.kernel.diagram import EMPTY, Store
from ccmproof.model.kernel.environments import Environments

from ...changes.cache import fingerprint
from ...engines import Exploration, Progress, explore
from ...engines.symbolic import Symbolic
from ...expression import expression
from ...keeping import BROKEN, ENDING, folder_for, read, remove, write
from .follow import After
from .ground import Ground

FORM = 1
"""Of the files. It goes up when they are written otherwise."""

Data = Any


def usual_folder() -> Path:
    """Where the user's caches lie."""
    return folder_for("replay")


def clear(folder: Path) -> int:
    """Forget everything that is kept in a folder; how many files there were."""
    models = {each.parent for each in folder.glob(f"*/*{ENDING}")}
    count = remove(folder, "*/*")
    for each in models:
        with suppress(OSError):
            each.rmdir()
    return count


@dataclass(frozen=True)
class Minimal:
    """A minimal cause, as :class:`ccmproof.model.kernel.causes.Cause` has it, with the environments it holds in."""

    literals: Mapping[str, tuple[str, ...]]
    condition: Condition
    environments: Environments
    count: int

    def __str__(self) -> str:
        return str(self.condition)


@cache
def shipped_key() -> str:
    """A hash of the files that say what the shipped model is and how an order of it is laid out."""
    import ccmproof.harness.engines as engines
    import ccmproof.model as model

    roots = [Path(str(each.__file__)).parent for each in (model, engines)]
    found = sha256()
    for root in roots:
        for path in sorted((*root.rglob("*.py"), *root.rglob("*.json"))):
            found.update(path.relative_to(root).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


@dataclass
class Kept:
    """What is known of one ground.

    Args:
        folder: where files are kept; ``None``: nowhere.
        wanted: the events of which *after* is found out together, once one of them is asked for.
        key: what says which model it is; empty: the hash of all that its network says, which takes a moment.
        engine: by which the whole model is explored, where something is not kept yet.
    """

    ground: Ground
    folder: Path | None = None
    wanted: Collection[str] = ()
    key: str = ""
    engine: str = "symbolic"
    progress: Progress | None = None
    told: Callable[[], None] | None = None
    _explored: Symbolic | None = None
    _tables: dict[str, Table] = field(default_factory=dict)
    _after: After = field(init=False)

    def __post_init__(self) -> None:
        self._after = self.on(self.ground)

    def after(self, event: str) -> int:
        """All states that may be just after the event: a node of the ground's store."""
        return self._after(event)

    def on(self, ground: Ground) -> After:
        """The same, as nodes of another ground of the same network."""

        @cache
        def after(event: str) -> int:
            return self._table(event).into(ground.store) if event in ground.events else EMPTY

        return after

    def _table(self, event: str) -> Table:
        if event not in self._tables:
            found = self._packed(self._read(f"after-{event}"))
            if found is None:
                for each in dict.fromkeys([event, *(e for e in self.wanted if e in self.ground.events)]):
                    self._write(f"after-{each}", data := self._after_of(each))
                    if each == event:
                        found = self._packed(data)
            assert found is not None
            self._tables[event] = found
        return self._tables[event]

    def _packed(self, data: Data | None) -> Table | None:
        try:
            return None if data is None else Table.of(data, self.ground.store.sizes)
        except BROKEN:
            return None

    def causes(self, goal: str) -> tuple[Minimal, ...]:
        """The minimal causes for which the goal is out of reach, smallest first."""
        name = "causes-" + sha256(goal.encode()).hexdigest()[:12]
        data = self._read(name)
        if data is None:
            explored = self._whole()
            missed = explored.environments - explored.environments_of(
                explored.where(expression(goal, self.ground.network))
            )
            found = Causes(missed.space).of(missed)
            data = {"causes": [[{k: list(v) for k, v in each.literals.items()}, each.count] for each in found]}
            self._write(name, data)
        space = self.ground.space
        values = dict(zip(space.names, space.values, strict=True))
        minimal = []
        for literals, count in data["causes"]:
            chosen = {name: tuple(of) for name, of in literals.items()}
            condition = all_of(*(literal(name, of, values[name]) for name, of in chosen.items()))
            minimal.append(Minimal(chosen, condition, space.where(condition, self.ground.network), count))
        return tuple(minimal)

    def _after_of(self, event: str) -> Data:
        explored = self._whole()
        found = explored.relations.image(explored.reached.node, explored.events[event])
        table: list[list[Any]] = []
        top = _numbered(explored.store, found, table, {0: 0, 1: 1})
        return {"top": top, "nodes": table, "sizes": list(explored.store.sizes)}

    def _whole(self) -> Symbolic:
        if self._explored is None:
            if self.told is not None:
                self.told()
            found: Exploration = explore(
                self.ground.network, engine=self.engine, order=self.ground.layout.order, progress=self.progress
            )
            assert isinstance(found, Symbolic)
            self._explored = found
        return self._explored

    # -- files

    @cached_property
    def _key(self) -> str:
        said = [FORM, self.key or fingerprint(self.ground.network), list(map(str, self.ground.layout.order))]
        return sha256(json.dumps(said).encode()).hexdigest()[:32]

    def _path(self, name: str) -> Path | None:
        return None if self.folder is None else self.folder / self._key / f"{name}{ENDING}"

    def _read(self, name: str) -> Data | None:
        path = self._path(name)
        if path is None:
            return None
        try:
            data = read(path)
            sizes = data.get("sizes")
            if sizes is not None and tuple(sizes) != self.ground.store.sizes:
                return None
            return data if isinstance(data.get("nodes", data.get("causes")), list) else None
        except BROKEN:
            return None

    def _write(self, name: str, data: Data) -> None:
        path = self._path(name)
        if path is not None:
            write(path, data, level=3)


def _numbered(store: Store, n: int, table: list[list[Any]], number: dict[int, int]) -> int:
    """The nodes of a set in a table, each once, children before their parent."""
    for here in sorted(store.nodes(n)):
        if here not in number:
            table.append([store.level[here], *(number[kid] for kid in store.kids[here])])
            number[here] = len(table) + 1
    return number[n]


@dataclass(frozen=True)
class Table:
    """A set that was kept, ready to be made a node of a store with the same levels, and of another.

    Attributes:
        top: the set's place among the nodes, as they number their children: 0 and 1 are those without a level.
        nodes: for each node its level and then its children, of which it has as many as the level has values.
    """

    top: int
    nodes: array[int]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any], sizes: tuple[int, ...]) -> Table:
        """What a file has.

        Raises:
            one of :data:`BROKEN`: it is not what it should be.
        """
        nodes, count = array("I"), 2
        for level, *kids in data["nodes"]:
            if level < 1 or len(kids) != sizes[level - 1] or not all(0 <= kid < count for kid in kids):
                raise ValueError
            nodes.append(level)
            nodes.extend(kids)
            count += 1
        if not 0 <= data["top"] < count:
            raise ValueError
        return cls(data["top"], nodes, sizes)

    def into(self, store: Store) -> int:
        """The set as a node of the store."""
        made, add, at = [0, 1], store.node, 0
        nodes, sizes = self.nodes, self.sizes
        while at < len(nodes):
            level, first = nodes[at], at + 1
            at = first + sizes[level - 1]
            made.append(add(level, [made[kid] for kid in nodes[first:at]]))
        return made[self.top]
