"""The parts that a page about a validation is made of: what text, Markdown and HTML have in common.

A form decides only how a part looks. What is long is a :class:`Listing`: it says its most telling items, and counts the
rest or folds it away.
"""

from __future__ import annotations

from dataclasses import dataclass

from ccmproof.harness.report import Judgement

FEW = 5
"""How many items of a long list are said at once."""


@dataclass(frozen=True)
class Title:
    """A heading: of the whole (1), of a scenario (2), or of a section (3)."""

    text: str
    level: int
    aside: str = ""


@dataclass(frozen=True)
class Says:
    """A paragraph, in one style."""

    text: str
    style: str = ""
    indent: int = 1


@dataclass(frozen=True)
class Counts:
    """Counts that belong together, none of them broken between lines."""

    items: tuple[str, ...]
    style: str
    lead: str = ""


@dataclass(frozen=True)
class Entry:
    """A property in a list: what became of it, its ID and claim, and what is to be said of that."""

    sign: str
    word: str
    style: str
    name: str
    claim: str
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entries:
    """Properties one below the other."""

    rows: tuple[Entry, ...]


@dataclass(frozen=True)
class Grid:
    """A table; the first column has names."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Listing:
    """A lead, and items of which only ``few`` are said at once, the most telling first; ``inline`` on one line."""

    lead: str
    items: tuple[str, ...]
    few: int = FEW
    inline: bool = False


@dataclass(frozen=True)
class Diff:
    """One difference of the structure, as what is taken away and what is put there."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Run:
    """The shortest run of a judgement, and what the original does with it."""

    judgement: Judgement
    refusal: tuple[str, ...] = ()
    same_as: str = ""


Part = Title | Says | Counts | Entries | Grid | Listing | Diff | Run
