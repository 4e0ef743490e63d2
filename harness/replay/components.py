"""The components that write logs: how they are spelled, on which host they run, which files they write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import table
from .line import Where


@dataclass(frozen=True, slots=True)
class Component:
    """A component.

    Attributes:
        name: as patterns spell it.
        where: the host it runs on.
        files: the stems of the files that it writes, in small letters, beside its own name.
        also: other names that it is seen under.
        ours: whether it has to do with this workflow.
        plain: its log is in a form of its own, and never in that of the product's components.
        workflow: another workflow, of which each of its lines is.
    """

    name: str
    where: Where
    files: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    ours: bool = True
    plain: bool = False
    workflow: str = ""


@cache
def components() -> tuple[Component, ...]:
    """The table."""
    entries = table.read("components")["component"]
    return tuple(Component(**{**table.tupled(each), "where": Where(each["where"])}) for each in entries)


@cache
def _names() -> dict[str, Component]:
    found: dict[str, Component] = {}
    for each in components():
        for name in (each.name, *each.also):
            found.setdefault(name.lower(), each)
    return found


@cache
def _files() -> dict[str, Component]:
    found: dict[str, Component] = {}
    for each in components():
        for name in (each.name.lower(), *each.files):
            found.setdefault(name, each)
    return found


_ROLLED = re.compile(r"(?:[-_. ]\d{8}-\d{6}|[-_ ]?\(\d+\)|[-_ ]copy|[-_.]\d{1,3}|[-_]?old|[-_]?new)+\Z")
_PROXY = re.compile(r"cmg-.*-cmgservice\Z|.*proxyservice_in_.*\Z")


def component(name: str) -> Component | None:
    """The component of that name, in whatever case or form it is written; ``None`` where it is not known."""
    return _names().get(name.strip().lower())


def canonical(name: str) -> str:
    """How patterns spell a component; empty for one that is not known, which may be any."""
    found = component(name)
    return found.name if found else ""


def of_file(name: str) -> Component | None:
    """The component that writes a file, by the file's name, rolled over or renamed as it may be."""
    stem = re.split(r"[/\\]", name)[-1].lower()
    for ending in (".gz", ".txt", ".log", ".lo_"):
        stem = stem.removesuffix(ending)
    stem = _ROLLED.sub("", stem)
    found = _files().get(stem)
    if found is None and _PROXY.match(stem):
        return component("CMGService")
    return found
