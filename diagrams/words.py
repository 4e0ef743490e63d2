"""Names, conditions and long sentences as a drawing shows them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from ccmproof.model.kernel.actor import Guard

WIDTH = 22
"""Characters in a line of a label: Mermaid breaks an edge's lines anew where they are longer than some 200 pixels."""
_NOT_IN = re.compile(r"\bnot in \{([^}]*)\}")
_IN = re.compile(r"\bin \{([^}]*)\}")


def words(name: str) -> str:
    """A name as words: underscores are spaces."""
    return name.replace("_", " ")


def told(guard: Guard) -> str:
    """A condition in words: ``x in {a, b}`` is ``x is a or b``; empty for the condition that is always true."""
    text = " ".join(str(guard).split())
    text = _NOT_IN.sub(lambda found: f"is neither {_listed(found[1], 'nor')}", text)
    text = _IN.sub(lambda found: f"is {_listed(found[1], 'or')}", text)
    return "" if text == "true" else words(text)


def _listed(names: str, last: str) -> str:
    return f" {last} ".join(name.strip() for name in names.split(","))


def wrapped(text: str, width: int = WIDTH) -> tuple[str, ...]:
    """The text in lines that are no longer than the width, unless a single word is."""
    return tuple(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def stacked(parts: Iterable[str], width: int = WIDTH) -> tuple[str, ...]:
    """Each part wrapped, one below the other; empty ones are left out."""
    return tuple(line for part in parts for line in wrapped(part, width))


def some(names: Iterable[str], most: int) -> str:
    """``a, b, c and 4 more``: no more of them than that, and never "1 more" where that one could be named."""
    every = list(names)
    shown = every if len(every) <= most + 1 else every[:most]
    left = len(every) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
