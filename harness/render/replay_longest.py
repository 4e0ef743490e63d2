"""All longest explanations before a deviation as parts of a page: what they have in common, and where they part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ccmproof.harness.counterexample import in_words
from ccmproof.harness.replay.following.longest import ExplainedLine, Longest
from ccmproof.harness.replay.following.place import place

from .validation_parts import Grid, Part, Says

INFERRED = "(inferred)"
"""Where what is told leaves no line, and happens in every explanation."""
MANY = 12
"""So many lines are shown, the last ones: those next to the deviation."""


def told(found: Longest, masked: Callable[[str], str]) -> Iterator[Part]:
    """The parts that say it; none where no line is explained."""
    if not found.lines:
        return
    together = [each for each in found.lines if not each.parts and each.events]
    apart = [each for each in found.lines if each.parts]
    yield Says(f"All longest explanations of the lines before it go back to {masked(place(found.lines[0].seen))}.")
    if found.cut:
        yield Says("What is further back is not told, or it was too much to find out.", "quiet")
    if together:
        rows = [row for each in together[-MANY:] for row in _common(each, masked)]
        yield Grid(("they have in common", "that this happens"), tuple(rows))
    if apart:
        yield Grid(("they part at", "which is one of"), tuple(_apart(each, masked) for each in apart[-MANY:]))
    else:
        yield Says("They part nowhere but in what leaves no line.", "quiet")
    actors = found.lines[-1].actors
    if actors:
        rows = [
            (name, states[0] if len(states) == 1 else "one of " + ", ".join(states)) for name, states in actors.items()
        ]
        yield Grid(("at the end of them", "is"), tuple(rows))


def _common(each: ExplainedLine, masked: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """What happens at a line, after what leaves no line and must have happened before it."""
    for event in each.inferred:
        yield INFERRED, f"· {in_words(event)}"
    yield masked(place(each.seen)), in_words(each.events[0])


def _apart(each: ExplainedLine, masked: Callable[[str], str]) -> tuple[str, str]:
    first, last = each.places
    readings = [*map(in_words, each.events), *(f"({text})" for text in each.beside)]
    order = f" [in any place from {first} to {last}]" if first < last else ""
    silent = f" [before it, inferred: {', '.join(map(in_words, each.inferred))}]" if each.inferred else ""
    return masked(place(each.seen)), " or ".join(readings) + order + silent


def data(found: Longest, masked: Callable[[str], str]) -> Mapping[str, Any]:
    """The same for JSON, every line of it."""
    return {
        "cut": found.cut,
        "lines": [
            {
                "source": masked(each.seen.line.source),
                "line": each.seen.line.number,
                "events": list(each.events),
                "beside": list(each.beside),
                "inferred": list(each.inferred),
                "places": list(each.places),
                "begins": each.begins,
                "actors": {name: list(states) for name, states in each.actors.items()},
            }
            for each in found.lines
        ],
    }
