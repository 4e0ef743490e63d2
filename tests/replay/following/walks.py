"""Walks of the model printed as the client alone would write them: what a diagnosis is held against."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ccmproof.harness.expression import expression
from ccmproof.harness.replay.codes import codes_in
from ccmproof.harness.replay.following.diagnosis import on_client
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import Network, State

BEGAN = datetime(2024, 3, 18, 9, 0)
RARE = ("tick", "user_signs_out", "entra_disables_device", "entra_disables_user", "crl_traffic_is_blocked",
        "connection_point_goes_down", "second_connection_point_goes_down", "entra_does_not_answer", "reply_is_lost",
        "cloud_fails", "ccmsetup_gives_up", "security_settings_are_refreshed")  # fmt: skip
"""Events that a walk takes seldom, so that it gets somewhere."""


@dataclass
class Walk:
    """A path of a network, made step by step."""

    network: Network
    chance: random.Random
    states: list[State]
    events: list[str] = field(default_factory=list)
    seldom: float = 0.02

    def go(self, most: int, until: str = "") -> None:
        """So many steps, or until a condition holds."""
        ends = expression(until, self.network) if until else None
        for _ in range(most):
            if ends is not None and product.holds(self.network, ends, self.states[-1]):
                return
            steps = list(product.successors(self.network, self.states[-1]))
            if not steps:
                return
            weights = [self.seldom if self.rare(event.name) else 1.0 for event, _ in steps]
            if not any(weights):
                return
            event, after = self.chance.choices(steps, weights)[0]
            self.events.append(event.name)
            self.states.append(after)

    def rare(self, event: str) -> bool:
        return event in RARE or event.startswith("administrator")


def begun(network: Network, environment: Mapping[str, str], chance: random.Random) -> Walk:
    """A walk that begins in an environment; what it does not say is as usual."""
    states = {actor.name: environment.get(actor.name, actor.initial[0]) for actor in network.actors}
    return Walk(network, chance, [network.as_state(states)])


class Printer:
    """Prints walks by the table of patterns: each line is an example of a pattern, as a component would write it.

    Of several patterns for an event one is taken whose ``holds`` is true, in the log of the component that is at work;
    lines that speak by ``holds`` alone follow the event that they echo.
    """

    def __init__(self, using: Equipment, network: Network, logs: Sequence[str]) -> None:
        self.using, self.network, self.logs = using, network, frozenset(logs)
        own = [p for p in using.patterns if p.examples and not p.workflow and self._logs(p)]
        self.of: dict[str, list[Pattern]] = {}
        self.echo: dict[str, list[Pattern]] = {}
        self.failures = [p for p in own if p.failure and p.holds and not (p.events or p.cause or _blames(p))]
        for pattern in own:
            for event in pattern.events:
                self.of.setdefault(event, []).append(pattern)
            if not pattern.events and pattern.holds:
                for event in pattern.echoes:
                    self.echo.setdefault(event, []).append(pattern)

    def _logs(self, pattern: Pattern) -> list[str]:
        return [log for log in pattern.logs or sorted(self.logs, reverse=True) if log in self.logs and on_client(log)]

    def _log(self, pattern: Pattern, state: State) -> str:
        """The log that it is written to now: ccmsetup's until the client is installed."""
        installing = product.holds(self.network, expression("ccmsetup is not installed", self.network), state)
        logs = self._logs(pattern)
        fitting = [log for log in logs if (log == "ccmsetup") is installing]
        return fitting[0] if fitting else ""

    def _holds(self, text: str, state: State) -> bool:
        return not text or product.holds(self.network, expression(text, self.network), state)

    def _true(self, pattern: Pattern, state: State) -> bool:
        return self._holds(pattern.holds, state)

    def _right(self, pattern: Pattern, state: State) -> bool:
        """The cause that it names is one here, or it names none."""
        return not pattern.cause or self._holds(self.using.causes[pattern.cause].when or "false", state)

    def printed(self, walk: Walk, quiet: float = 0.1, drop: float = 0.0, twice: float = 0.0) -> list[Seen]:
        """The lines: ``quiet`` of those not written that need not be, ``drop`` of all lost, ``twice`` said twice."""
        found: list[Seen] = []
        for number, event in enumerate(walk.events):
            before, after = walk.states[number], walk.states[number + 1]
            fitting = [p for p in self.of.get(event, ()) if self._true(p, before) and self._log(p, before)]
            always = [p for p in fitting if p.always]
            right = [p for p in fitting if self._right(p, before)] or fitting
            single = [p for p in right if len(p.events) == 1]
            chosen = always[:1] or ([walk.chance.choice(single or right)] if fitting else [])
            told = [(p, before) for p in chosen if p.always or walk.chance.random() >= quiet]
            told += [(p, after) for p in self.echo.get(event, ()) if self._true(p, after) and self._log(p, after)]
            told += [(p, after) for p in self._failing(before, after)]
            for pattern, state in told:
                if walk.chance.random() < drop:
                    continue
                line = self._line(pattern, self._log(pattern, state), len(found))
                if line is not None:
                    found += [line, line] if walk.chance.random() < twice else [line]
        return found

    def _failing(self, before: State, after: State) -> list[Pattern]:
        """What a component says when an attempt has failed: of the lines that hold from now on the first."""
        if not any(name == "attempt_failed" and was != name for was, name in zip(before, after, strict=True)):
            return []
        now = [p for p in self.failures if self._true(p, after) and not self._true(p, before) and self._log(p, after)]
        return now[:1]

    def _line(self, pattern: Pattern, log: str, number: int) -> Seen | None:
        when = BEGAN + timedelta(seconds=3 * number)
        seen = self.using.recogniser.of(Line(f"{log}.log", number + 1, log, pattern.examples[0], when))
        return seen if seen is not None and pattern.id in seen.pattern.id.split("|") else None


def _blames(pattern: Pattern) -> bool:
    """Whether its example has a code that has causes: an example is one of several failures that it is written for."""
    return any(code.causes for code in codes_in(pattern.examples[0]))


CLIENT_LOGS = ("ccmsetup", "ClientIDManagerStartup", "CcmAad", "CcmMessaging")
