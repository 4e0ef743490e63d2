"""Walks of the model printed as the client and the site would write them: what a diagnosis is held against."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ccmproof.harness.expression import expression
from ccmproof.harness.replay.codes import codes_in
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.hosts import on_client
from ccmproof.harness.replay.line import Line, Where
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.harness.replay.reading.naming import where
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import Network, State

BEGAN = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
"""When the product can have all causes of the table."""
STEP = timedelta(seconds=3)
TICK = timedelta(minutes=160)
"""Three ticks are the eight hours of a CCM token's life."""
CLIENT = "3B6F1C22-7A51-4E0C-9C11-5D0E8F7A2B10"
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
            steps = [step for step in product.successors(self.network, self.states[-1]) if self._can_be(step[0].name)]
            if not steps:
                return
            weights = [self.seldom if self.rare(event.name) else 1.0 for event, _ in steps]
            if not any(weights):
                return
            event, after = self.chance.choices(steps, weights)[0]
            self.events.append(event.name)
            self.states.append(after)

    def _can_be(self, event: str) -> bool:
        """A reply is not hours on its way, though the model's ticks have no length: the times of lines count on it."""
        return event != "tick" or self.states[-1][self.network.position["reply.life"]] == "none"

    def rare(self, event: str) -> bool:
        return event in RARE or event.startswith("administrator")


def begun(network: Network, environment: Mapping[str, str], chance: random.Random) -> Walk:
    """A walk that begins in an environment; what it does not say is as usual."""
    states = {actor.name: environment.get(actor.name, actor.initial[0]) for actor in network.actors}
    return Walk(network, chance, [network.as_state(states)])


class Printer:
    """Prints walks by the table of patterns: each line is an example of a pattern, as a component would write it.

    Of several patterns for an event one is taken whose ``holds`` is true, in the log of the client's component that is
    at work, and in each log of the site; lines that speak by ``holds`` alone follow the event that they echo.

    Args:
        logs: that are there.
        skew: seconds by which the clock of each host is off.
    """

    def __init__(
        self, using: Equipment, network: Network, logs: Sequence[str], skew: Mapping[Where, float] | None = None
    ) -> None:
        self.using, self.network, self.logs, self.skew = using, network, frozenset(logs), skew or {}
        known = [p for p in using.patterns if p.examples and not p.workflow]
        own = [p for p in known if self._logs(p)]
        self.of: dict[str, list[Pattern]] = {}
        self.echo: dict[str, list[Pattern]] = {}
        self.failures = [p for p in own if p.failure and p.holds and not (p.events or p.cause or _blames(p))]
        _by_event(own, self.of, self.echo)
        self.site: dict[str, tuple[dict[str, list[Pattern]], dict[str, list[Pattern]]]] = {}
        for log in sorted(self.logs):
            if not on_client(log):
                _by_event([p for p in known if log in p.logs], *self.site.setdefault(log, ({}, {})))

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
        now = BEGAN
        for number, event in enumerate(walk.events):
            now += STEP if event != "tick" else TICK
            for pattern, log in self._told(walk, number, quiet):
                if walk.chance.random() < drop:
                    continue
                line = self._line(pattern, log, len(found), now, walk.chance)
                if line is not None:
                    found += [line, line] if walk.chance.random() < twice else [line]
        return found

    def _told(self, walk: Walk, number: int, quiet: float) -> list[tuple[Pattern, str]]:
        """The patterns of which lines are written at a step, each with the log."""
        event, before, after = walk.events[number], walk.states[number], walk.states[number + 1]
        fitting = [p for p in self.of.get(event, ()) if self._true(p, before) and self._log(p, before)]
        chosen = self._chosen(fitting, before, walk.chance)
        told = [(p, self._log(p, before)) for p in chosen if p.always or walk.chance.random() >= quiet]
        echoes = [p for p in self.echo.get(event, ()) if self._true(p, after) and self._log(p, after)]
        told += [(p, self._log(p, after)) for p in (*echoes, *self._failing(before, after))]
        for log, (of, echo) in self.site.items():
            chosen = self._chosen([p for p in of.get(event, ()) if self._true(p, before)], before, walk.chance)
            chosen += [p for p in echo.get(event, ()) if self._true(p, after)]
            told += [(p, log) for p in chosen if walk.chance.random() >= quiet]
        return told

    def _chosen(self, fitting: Sequence[Pattern], state: State, chance: random.Random) -> list[Pattern]:
        """Which of the patterns for an event is written."""
        always = [p for p in fitting if p.always]
        right = [p for p in fitting if self._right(p, state)] or fitting
        single = [p for p in right if len(p.events) == 1]
        return always[:1] or ([chance.choice(single or right)] if fitting else [])

    def _failing(self, before: State, after: State) -> list[Pattern]:
        """What a component says when an attempt has failed: of the lines that hold from now on the first."""
        if not any(name == "attempt_failed" and was != name for was, name in zip(before, after, strict=True)):
            return []
        now = [p for p in self.failures if self._true(p, after) and not self._true(p, before) and self._log(p, after)]
        return now[:1]

    def _line(self, pattern: Pattern, log: str, number: int, now: datetime, chance: random.Random) -> Seen | None:
        when = now + timedelta(seconds=self.skew.get(where(log), 0.0))
        seen = self.using.recogniser.of(Line(f"{log}.log", number + 1, log, pattern.examples[0], when))
        if seen is None or pattern.id not in seen.pattern.id.split("|"):
            return None
        names = {
            "client": CLIENT,
            "message": str(uuid.UUID(int=chance.getrandbits(128))),
        }  # no two hosts name one alike
        text = seen.line.text
        for name, value in names.items():
            text = text.replace(seen.fields[name], value) if seen.fields.get(name) else text
        return seen if text == seen.line.text else self.using.recogniser.of(replace(seen.line, text=text))


def _by_event(patterns: Iterable[Pattern], of: dict[str, list[Pattern]], echo: dict[str, list[Pattern]]) -> None:
    for pattern in patterns:
        for event in pattern.events:
            of.setdefault(event, []).append(pattern)
        if not pattern.events and pattern.holds:
            for event in pattern.echoes:
                echo.setdefault(event, []).append(pattern)


def _blames(pattern: Pattern) -> bool:
    """Whether its example has a code that has causes: an example is one of several failures that it is written for."""
    return any(code.causes for code in codes_in(pattern.examples[0]))


CLIENT_LOGS = ("ccmsetup", "ClientIDManagerStartup", "CcmAad", "CcmMessaging")
SITE_LOGS = ("CMGService", "SMS_CLOUD_PROXYCONNECTOR", "CCM_STS", "MP_RegistrationManager")
