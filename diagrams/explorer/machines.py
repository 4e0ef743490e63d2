"""Each actor's machine as pictures (SVG) whose states and arrows the page can light up: a small one, and a large one
with the names of events at its arrows.

Graphviz lays them out when the page is made, so that the page need not. The group of a state has the class ``s1`` (its
number), that of an arrow ``e17`` for each event that goes along it. Colours are left to the page's style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ccmproof.model.kernel.network import Actor, Network

from ..dot import FONT, inside
from ..image import picture
from ..words import some, stacked, words

MOST = 3
"""How many events an arrow names."""
NAME, EVENT = 16, 24
"""Characters in a line of a state's name, and of an arrow's label."""
_HEAD = re.compile(r'.*?(<svg\b)[^>]*?(viewBox="[^"]*")[^>]*>', re.DOTALL)
_QUIET = re.compile(r"<!--.*?-->|<title>.*?</title>|\n", re.DOTALL)
_NUMBERS = re.compile(r' id="[^"]*"')
_COLOURS = re.compile(r' (?:fill|stroke|font-family|text-anchor)="(?!middle)[^"]*"')


def machines(network: Network, watching: frozenset[str] = frozenset()) -> dict[str, tuple[str, str]]:
    """The machines of a network, small and large: of all that moves but fields of a record, and what watches only.

    Raises:
        ModelError: as :func:`ccmproof.diagrams.image.picture`.
    """
    place = {event.name: number for number, event in enumerate(network.events)}
    shown = (of for of in network.actors if not of.is_unknown and not of.data and of.name not in watching)
    return {of.name: (_drawn(of, place, named=False), _drawn(of, place, named=True)) for of in shown}


def _drawn(of: Actor, place: Mapping[str, int], *, named: bool) -> str:
    return _bare(picture("\n".join(_dot(of, place, named=named)), "svg").decode("utf-8"))


def _dot(of: Actor, place: Mapping[str, int], *, named: bool) -> Iterator[str]:
    state = {name: position for position, name in enumerate(of.states)}
    apart = "nodesep=0.25, ranksep=0.35" if named else "nodesep=0.15, ranksep=0.25"
    yield "digraph {"
    yield f'graph [layout=dot, bgcolor=transparent, fontname="{FONT}", {apart}, pad=0.05]'
    yield f'node [fontname="{FONT}", fontsize=12, shape=box, style=rounded, margin="0.1,0.05", height=0.3, width=0.4]'
    yield f'edge [fontname="{FONT}", fontsize=9, arrowsize=0.6]'
    yield 'start [shape=circle, label="", width=0.12, height=0.12, fixedsize=true, class=start]'
    for name, position in state.items():
        yield f's{position} [label="{_lines(words(name), NAME)}", class="state s{position}"]'
    for name in of.initial:
        yield f"start -> s{state[name]} [class=begin]"
    for (one, other), events in _ways(of).items():
        label = _lines(some(map(words, events), MOST), EVENT) if named else ""
        classes = " ".join(f"e{place[event]}" for event in events)
        tip = inside(", ".join(map(words, events)))
        yield f's{state[one]} -> s{state[other]} [label="{label}", class="way {classes}", tooltip="{tip}"]'
    yield "}"


def _ways(of: Actor) -> dict[tuple[str, str], list[str]]:
    """For each two different states the events that lead from the one to the other."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in of.transitions:
        for source in of.states:
            if source in row.sources and row.target(source) != source:
                found.setdefault((source, row.target(source)), {})[row.event] = None
    return {pair: list(events) for pair, events in found.items()}


def _lines(text: str, width: int) -> str:
    return "\\n".join(map(inside, stacked([text], width)))


def _bare(svg: str) -> str:
    """The picture without what a page has itself, or must not have twice: declarations, colours, sizes, names."""
    head = _HEAD.match(svg)
    assert head is not None, "Graphviz writes an SVG with a view box"
    body = svg[head.end() :]
    for what in (_QUIET, _NUMBERS, _COLOURS):
        body = what.sub("", body)
    return f"{head[1]} {head[2]}>{body.strip()}"
