"""Whether one exploration is worth splitting: ``python -m ccmproof.harness.bench.splitting``.

All environments are explored at once because most of what happens is the same in most of them. What one worker for each
value of an unknown would have to do says how much of that is lost: the nodes of its diagram, and its seconds, beside
those of the whole. Two workers gain nothing where each half is nearly the whole.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

import typer
from ccmproof.model.kernel.expand import expand
from ccmproof.model.scenario import Scenario

from ..cli.options import plain_app
from ..cli.output import guarded
from ..engines import explore
from ..render.page import Page
from ..system import System, observers_of, shipped

USUAL: Final = (
    ("any-environment", "mp_mode"),
    ("any-environment", "pki"),
    ("hourly", "pki"),
    ("thief", "cmg_compromised"),
)

app = plain_app(add_completion=False)


@dataclass(frozen=True)
class Explored:
    """What an exploration took: seconds of this process's own time, and the nodes of its diagram; ``states`` found."""

    seconds: float
    nodes: int
    states: int


def explored(of: System, scenario: Scenario) -> Explored:
    """Explore a scenario as it is checked, in this process."""
    asked = [prop.at(scenario) for prop in of.asked_in(scenario, of.suite, named=False)]
    network = expand(of.build(scenario).extended(*observers_of(asked)))
    began = time.process_time()
    found = explore(network, order=of.order_of(scenario))
    states = found.states
    return Explored(time.process_time() - began, getattr(found, "nodes", 0), states)


def split(of: System, scenario: Scenario, unknown: str) -> list[tuple[str, Explored]]:
    """The whole, and each value of the unknown by itself.

    Raises:
        ModelError: the model has no such actor.
    """
    values = of.build(scenario).actor(unknown).initial
    parts = [(value, replace(scenario, pins={**scenario.pins, unknown: value})) for value in values]
    return [("", explored(of, scenario)), *((value, explored(of, part)) for value, part in parts)]


def table(scenario: str, unknown: str, found: Sequence[tuple[str, Explored]]) -> str:
    """The whole and its parts, and the most that a worker for each of them would gain."""
    whole, parts = found[0][1], [each for _, each in found[1:]]
    page = Page(width=80)
    page.line((f"{scenario}, split by {unknown}", "title"))
    page.blank()
    rows = [
        (value or "whole", f"{each.seconds:.2f}", f"{each.nodes:,}", f"{each.nodes / whole.nodes:.2f}")
        for value, each in found
    ]
    page.table(("part", "seconds", "nodes", "of the whole"), rows)
    most = whole.nodes / max(each.nodes for each in parts)
    page.line(f"{len(parts)} workers: at most {most:.2f} times as fast, before anything is put together again")
    page.blank()
    return page.text()


@app.command()
def main(
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME")] = "",
    unknown: Annotated[str, typer.Option("--by", metavar="UNKNOWN", help="With --scenario.")] = "",
) -> None:
    """Explore scenarios whole, and in parts, one for each value of an unknown.

    Exit code 0 when the parts have as many states together as the whole, 1 when they have not, 2 for unusable input.
    """
    with guarded():
        of = shipped()
        cases = [(scenario or of.default.name, unknown)] if scenario or unknown else list(USUAL)
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
        explored(of, of.scenario("document"))  # engines are compiled, or their machine code read, by the first one
        right = True
        for name, by in cases:
            found = split(of, of.scenario(name), by)
            right = right and found[0][1].states == sum(each.states for _, each in found[1:])
            sys.stdout.write(table(name, by, found))
    raise typer.Exit(0 if right else 1)


if __name__ == "__main__":
    app()
