"""Time: one event, `tick`, that ages every token at once. Any number of other steps may lie between two ticks.

A token's age is what is left of its life, in ticks: `left_8 … left_1`, then `expired`; `none` where there is no
token. `live`, `fresh`, `near_expiry` and `whole` (as issued) are groups of these, so that a condition reads the same
at every tick.

| duration                    | minutes | rests on  | one-hour ticks | ticks of 10 min | coarsest |
|-----------------------------|---------|-----------|----------------|-----------------|----------|
| CCM token                   | 480     | T1        | 8              | 48              | 3        |
| content access token        | 480     | A28       | 8              | 48              | 3        |
| Entra access token          | 60–90   | ACCTOK    | 1–2            | 6–9             | 1        |
| margin "close to expiry", δ | 30      | T2, A8    | 1 (up to)      | 3               | 1        |
| a tenant that is turned off | 0–1500  | N-13      | 0–25           | 0–150           | 0–4      |

A tick that does not divide a duration widens it outward: the Entra token of 60 to 90 minutes lives one or two hours.
The coarsest time keeps the order in which things end and nothing else: the Entra token first, then the margin of the
CCM token begins, then it is dead. δ is not documented (A8); it is rounded up to whole ticks.

A life of n ticks is over at the n-th tick; where lives are *closed* it is good at that tick, and over at the next, and
so is a margin. A closed bound on time holds between whole ticks too if it holds at them, and is attained at them if at
all (Henzinger, Manna, Pnueli, "What good are digital clocks?", ICALP 1992); so how long something can take at most is
asked with closed lives, and what it takes at least with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ccmproof.model.kernel.actor import ActorDef, Clock, actor, send
from ccmproof.model.kernel.errors import ModelError, nearest

from .hosts import ENVIRONMENT

CCM_TTL = 480
CONTENT_TTL = 480
ENTRA_TTL = (60, 90)
MARGIN = 30
TENANT_DISABLE_LAG = 1500

DURATIONS: Mapping[str, tuple[int, int]] = {
    "ccm_token": (CCM_TTL, CCM_TTL),
    "content_token": (CONTENT_TTL, CONTENT_TTL),
    "entra_token": ENTRA_TTL,
    "margin": (MARGIN, MARGIN),
    "tenant_lag": (0, TENANT_DISABLE_LAG),
}
"""The durations by name, in minutes, each from the shortest to the longest that it may be.

A scenario may have others (:class:`~ccmproof.model.scenario.Scenario`).
"""


@dataclass(frozen=True)
class Scale:
    """How long the durations are, in ticks; ``entra`` from and to. ``eight_hours`` are what T1 gives a CCM token."""

    ccm: int
    content: int
    entra: tuple[int, int]
    margin: int
    tenant_lag: int
    eight_hours: int

    @classmethod
    def of(
        cls, tick: int | None, *, closed: bool = False, durations: Mapping[str, tuple[int, int]] = DURATIONS
    ) -> Scale:
        """The scale for a tick of so many minutes; ``None`` for the coarsest that keeps the order.

        With ``closed`` each life and the margin take in their last tick.

        Raises:
            ModelError: there is no such duration, or it is no time in which anything could happen.
        """
        last = int(closed)
        lengths = _lengths(durations)
        ccm, content, margin = (lengths[name][1] for name in ("ccm_token", "content_token", "margin"))
        if tick is None:
            place = _Order(lengths["entra_token"], {ccm, ccm - margin, content, CCM_TTL})
            return cls(
                ccm=place.of[ccm] + last,
                content=place.of[content] + last,
                entra=(place.between[0] + last, place.between[1] + last),
                margin=place.of[ccm] - place.of[max(ccm - margin, 0)] + last,
                tenant_lag=place.of[ccm] + 1,
                eight_hours=place.of[CCM_TTL] + last,
            )
        entra = lengths["entra_token"]
        return cls(
            ccm=_up(ccm, tick) + last,
            content=_up(content, tick) + last,
            entra=(entra[0] // tick + last, _up(entra[1], tick) + last),
            margin=_up(margin, tick) + last,
            tenant_lag=_up(lengths["tenant_lag"][1], tick),
            eight_hours=_up(CCM_TTL, tick) + last,
        )

    @property
    def token(self) -> Clock:
        """The life of any token: an Entra token begins with less than a CCM token."""
        longest = max(self.ccm, self.content, self.entra[1])
        left = [f"left_{n}" for n in range(1, longest + 1)]
        after = dict(zip(left, ["expired", *left], strict=False))
        return Clock(
            states=("none", "expired", *left),
            after=after,
            groups={
                "live": tuple(left),
                "near_expiry": tuple(left[: self.margin]),
                "fresh": tuple(left[self.margin :]),
                "whole": (self.whole_ccm_life,),
                "eight_hours": tuple(left[self.eight_hours - 1 : self.eight_hours]),
            },
            frozen=("none", "expired"),
        )

    @property
    def whole_ccm_life(self) -> str:
        return f"left_{self.ccm}"

    @property
    def whole_content_life(self) -> str:
        return f"left_{self.content}"

    @property
    def whole_entra_lives(self) -> tuple[str, ...]:
        """The lives that Entra may give: it draws one at random."""
        return tuple(f"left_{n}" if n else "expired" for n in range(self.entra[0], self.entra[1] + 1))


class _Order:
    """Only the order of some moments after a token is issued, counted from 1; what may fall between them has its own.

    Attributes:
        of: each moment's place; 0 for the moment of issue.
        between: the first and the last place of something that happens within a span, among the others.
    """

    def __init__(self, span: tuple[int, int], moments: set[int]) -> None:
        first, last = span
        self.of = {0: 0}
        places, place, before = [], 0, 0
        for moment in sorted(each for each in moments if each > 0):
            if first < moment and last > before:
                places.append(place := place + 1)
            self.of[moment] = place = place + 1
            if first <= moment <= last:
                places.append(place)
            before = moment
        if last > before:
            places.append(place + 1)
        self.between = places[0], places[-1]


def _lengths(durations: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    """All durations, those that are given instead of the document's."""
    for name, (shortest, longest) in durations.items():
        if name not in DURATIONS:
            known = f"{nearest(name, DURATIONS)}; there are {', '.join(DURATIONS)}"
            raise ModelError(f"there is no duration {name!r}{known}")
        if not 0 <= shortest <= longest or longest == 0:
            raise ModelError(f"{name}: {shortest} to {longest} min is no time in which anything could happen")
    return {**DURATIONS, **durations}


def _up(minutes: int, tick: int) -> int:
    return -(-minutes // tick)


TIME: ActorDef = actor(
    "time",
    host=ENVIRONMENT,
    states="passing",
    rows=[send("tick", "passing", "passing", cites="T1")],
    oracle=True,
    doc="Passes whenever no urgent step is due.",
)
