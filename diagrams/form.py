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


class Framing(Enum):
    """What a frame around items says of them."""

    LOOP = "loop"
    """They happen again and again."""
    ALT = "alt"
    """One of its sections happens."""
    OPT = "opt"
    """They happen or not."""
    BREAK = "break"
    """They happen instead of all that follows: it ends with them."""


@dataclass(frozen=True)
class Section:
    """A part of a frame: when it is what happens, in words, and what happens then.

    What is not ``usual`` is shaded, so that what is can be followed from the top to the bottom.
    """

    label: str
    items: tuple[Item, ...]
    usual: bool = True


@dataclass(frozen=True)
class Frame:
    """A frame around items; of :attr:`Framing.ALT` with two sections or more, of any other with one."""

    framing: Framing
    sections: tuple[Section, ...]


Item: TypeAlias = Message | Beside | Frame


@dataclass(frozen=True)
class Sequence:
    """Lanes from the left, items from the top."""

    title: str
    lanes: tuple[str, ...]
    items: tuple[Item, ...]


Diagram: TypeAlias = Graph | Sequence
