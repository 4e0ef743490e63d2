"""The table that says what a line stands for, and who recognises lines by it.

:func:`shipped` is the table, :func:`load` reads a user's own beside it, :class:`Recogniser` finds a line's pattern,
:func:`recogniser` is that of the shipped table. Causes, codes and components are tables of their own.
"""

from __future__ import annotations

from functools import cache

from .causes import causes
from .codes import Code, code, codes
from .components import Component, canonical, component, components, of_file
from .recognise import Recogniser, beginnings
from .table_file import load, shipped, with_shipped
from .unwrap import rejoined

__all__ = [
    "Code", "Component", "Recogniser", "beginnings", "canonical", "causes", "code", "codes", "component", "components",
    "load", "of_file", "recogniser", "rejoined", "shipped", "with_shipped",
]  # fmt: skip


@cache
def recogniser() -> Recogniser:
    """The recogniser of the shipped table."""
    return Recogniser(shipped())
