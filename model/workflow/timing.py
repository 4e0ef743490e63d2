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

from dataclasses import dataclass

from ccmproof.model.kernel.actor import ActorDef, Clock, actor, send

from .hosts import ENVIRONMENT

CCM_TTL = 480
CONTENT_TTL = 480
ENTRA_TTL = (60, 90)
MARGIN = 30
TENANT_DISABLE_LAG = 1500


@dataclass(frozen=True)
class Scale:
    """How long the durations are, in ticks; ``entra`` from and to."""

    ccm: int
    content: int
    entra: tuple[int, int]
    margin: int
    tenant_lag: int

    @classmethod
    def of(cls, tick: int | None, *, closed: bool = False) -> Scale:
        """The scale for a tick of so many minutes; ``None`` for the coarsest that keeps the order.

        With ``closed`` each life and the margin take in their last tick.
        """
        last = int(closed)
        if tick is None:
            return cls(ccm=3 + last, content=3 + last, entra=(1 + last, 1 + last), margin=1 + last, tenant_lag=4)
        return cls(
            ccm=_up(CCM_TTL, tick) + last,
            content=_up(CONTENT_TTL, tick) + last,
            entra=(ENTRA_TTL[0] // tick + last, _up(ENTRA_TTL[1], tick) + last),
            margin=_up(MARGIN, tick) + last,
            tenant_lag=_up(TENANT_DISABLE_LAG, tick),
        )

    @property
    def token(self) -> Clock:
        """The life of any token: an Entra token begins with less than a CCM token."""
        left = [f"left_{n}" for n in range(1, self.ccm + 1)]
        after = dict(zip(left, ["expired", *left], strict=False))
        return Clock(
            states=("none", "expired", *left),
            after=after,
            groups={
                "live": tuple(left),
                "near_expiry": tuple(left[: self.margin]),
                "fresh": tuple(left[self.margin :]),
                "whole": (self.whole_ccm_life,),
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
