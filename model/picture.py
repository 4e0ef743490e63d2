"""Pictures of a workflow as data: named runs, each found as the shortest that comes to some goals, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .scenario import Scenario


@dataclass(frozen=True)
class Way:
    """One of the runs that a picture is put together from.

    Attributes:
        name: what is special about it, in words; said where it parts from the others.
        otherwise: what is so instead in the run that it parts from.
        sets: the unknowns and switches that are otherwise than in the picture's scenario.
        goals, before: where they are not those of the picture.
    """

    name: str
    otherwise: str = ""
    sets: Mapping[str, str] = field(default_factory=dict)
    goals: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture of a workflow.

    Attributes:
        part: with what the statements begin that it tells.
        cites: the statement that asks for it, if one does.
        scenario: one environment in which everything is as it should be.
        goals: conditions that every run comes to, in this order, by a shortest way from one to the next.
        before: the same for what has happened before the picture begins.
        ways: the runs. The first is the one that the others are alternatives to. Those that do not end as it does,
            because they have goals of their own, stand at the end.
        lanes: the hosts from the left.
        phase: actors that say how far it has come; alternatives come together again only where these agree.
    """

    name: str
    title: str
    part: str
    cites: str
    scenario: Scenario
    goals: tuple[str, ...]
    ways: tuple[Way, ...]
    before: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
