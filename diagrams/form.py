"""What every drawing is before it is written in some format: a graph of nodes and edges, or a sequence of messages.

Labels are lines of plain text, wrapped already and escaped by nobody yet. A role says what something *is*; what that
looks like is said once, in :mod:`.look`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Lines: TypeAlias = tuple[str, ...]


class Role(Enum):
    """What a node, an edge or a message is there for."""

    PLAIN = "plain"
    RECEIVED = "received"
    HAPPY = "happy"
    REFUSAL = "refusal"
    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"
    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"


class Shape(Enum):
    """What a node is drawn as."""

    STATE = "state"
    START = "start"
    BOX = "box"
    QUESTION = "question"
    LAST = "last"


@dataclass(frozen=True)
class Node:
    """A node; ``group`` is the name of the group that it lies in, empty for none."""

    name: str
    label: Lines
    role: Role = Role.PLAIN
    shape: Shape = Shape.BOX
    group: str = ""


@dataclass(frozen=True)
class Edge:
    source: str
    target: str
    label: Lines = ()
    role: Role = Role.PLAIN


@dataclass(frozen=True)
class Group:
    """A frame around nodes; ``foot`` says that its label stands at the bottom, where no arrow comes in."""

    name: str
    label: str
    foot: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes and edges from the top down; ``notes`` say how to read it.

    Every edge joins nodes that are there, and every node's group is there; names are not shown.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    notes: Lines = ()


class Kind(Enum):
    """What a message of a sequence is."""

    REQUEST = "request"
    REPLY = "reply"
    FAILURE = "failure"


@dataclass(frozen=True)
class Message:
    """An arrow from lane to lane; one that stays in its lane is something that fails there."""

    source: str
    target: str
    label: Lines
    kind: Kind = Kind.REQUEST


@dataclass(frozen=True)
class Beside:
    """What happens, or is to be known, at some lanes (the first and the last of those that it reaches over)."""

    first: str
    last: str
    label: Lines
    role: Role = Role.PLAIN


Item: TypeAlias = Message | Beside


@dataclass(frozen=True)
class Sequence:
    """Lanes from the left, items from the top.

    Attributes:
        loop: where what goes on for ever begins: the index of an item, to the last but ``after`` of them.
        after: how many items at the end stand below the loop.
    """

    title: str
    lanes: tuple[str, ...]
    items: tuple[Item, ...]
    loop: int | None = None
    loop_label: str = ""
    after: int = 0

    @property
    def again(self) -> tuple[int, int] | None:
        """The items of the loop: the first, and the one after the last; ``None`` without a loop, or one of no items."""
        end = len(self.items) - self.after
        return None if self.loop is None or self.loop >= end else (self.loop, end)


Diagram: TypeAlias = Graph | Sequence
