"""The diagnosis of one device's logs: where it stands, why, and what to look at or do next.

Five answers. It *conforms* so far: every recognised line fits, and nothing speaks of a failure that was not overcome.
It has *stalled*: a failure is there, or attempt follows attempt, and nothing after it went further. It *deviates*: a
line contradicts what came before. It is *another workflow*. Or it *cannot be said*: no line is recognised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache

from ccmproof.model.kernel.diagram import EMPTY
from ccmproof.model.kernel.environments import Environments

from ..components import canonical, component
from ..line import Where
from ..pattern import Pattern, Seen
from ..reading.timeline import timeline
from .binding import Warned, warned
from .deviation import Refused, refused
from .equipment import Equipment
from .findings import Finding, findings
from .follow import Fit, Followed, Follower, Placed, followed
from .inference import explaining
from .ranking import DURING, How, Left, Named, Supposed, Trouble, left, ranked, troubles
from .silence import silent
from .stages import STAGES, Passed, achieves, failed, got_token, level_of, of_token, passed

SPEAKING = ("entra", "sts", "ccm_token", "new_token", "device_token", "user_token", "asks_the_cmg", "token_ending",
            "old_token", "aad")  # fmt: skip
"""Parts of the names of events and states that no other workflow has."""
ACTORS = ("ccmsetup", "install_mode", "entra_request", "registration", "registration.approval", "messaging",
          "cache.system.life", "cache.user.life", "security_settings", "new_token")  # fmt: skip
"""The client's actors whose state is told."""
RECENT_TROUBLES = 12
"""So many of the last lines that speak of a failure are asked what they teach."""
ATTEMPTS = frozenset({"ccmsetup_asks_the_cmg", "registration_starts", "registration_tries_again"})
"""The events by which an attempt begins."""


class Verdict(Enum):
    CONFORMS = "conforms"
    STALLED = "stalled"
    DEVIATES = "deviates"
    OTHER = "other workflow"
    UNSAID = "unknown"


@dataclass(frozen=True)
class Deviation:
    """A line that contradicts what came before, and why none of its events may happen there."""

    placed: Placed
    number: int
    """Its place among the recognised lines that were followed."""
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What is said of one device.

    Attributes:
        where, why, then: the three lines: where it stands, why, what to look at or do next.
        seen: every recognised line, in order; ``placed``: those of the client as they were followed.
        troubles: the lines that speak of a failure that was not overcome; ``overcome``: the others.
        named: the causes that lines support, ranked; ``left``: the minimal causes that are possible beside them.
        actors: the states that each actor of the client may be in after the last line.
        workflow: the other workflow that it is, where it is one.
        inexact: it was too much to find out all that silent events lead to.
    """

    device: str
    verdict: Verdict
    where: str
    why: str
    then: str
    seen: tuple[Seen, ...] = ()
    placed: tuple[Placed, ...] = ()
    stages: tuple[Passed, ...] = ()
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    overcome: tuple[Trouble, ...] = ()
    named: tuple[Named, ...] = ()
    left: tuple[Left, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()
    workflow: str = ""
    logs: tuple[str, ...] = ()
    environments: tuple[int, int] = (0, 0)
    inexact: bool = False

    @property
    def exit(self) -> int:
        if self.verdict in (Verdict.OTHER, Verdict.UNSAID):
            return 3
        return int(self.verdict is not Verdict.CONFORMS or bool(self.findings))


def diagnose(
    lines: Iterable[Seen],
    using: Equipment,
    *,
    logs: Iterable[str] = (),
    device: str = "",
    from_start: bool = False,
) -> Diagnosis:
    """Say where one device stands.

    Args:
        lines: those that were recognised, of one device, each log's in its order.
        logs: the logs that are there, also where none of their lines was recognised.
        from_start: insist that the logs begin where the workflow does.
    """
    seen = ordered(lines)
    if not seen:
        return _unsaid(device, tuple(sorted(set(logs))))
    present = frozenset(filter(None, (canonical(log) for log in (*logs, *(each.line.log for each in seen)))))
    other = _other_workflow(seen)
    if other:
        return _is_other(device, seen, other, present, _others_causes(seen, other, using))
    own = [each for each in seen if _of_client(each)] or list(seen)
    full = _follow(own, using, present, from_start, calm=False)
    calm = _follow(own, using, present, from_start, calm=True)
    return _Said(device, seen, present, using, full, calm).diagnosis()


def _follow(
    own: Sequence[Seen], using: Equipment, present: frozenset[str], from_start: bool, *, calm: bool
) -> Followed:
    ground, kept = (using.calm, using.of_calm) if calm else (using.full, using.of_full)
    follower = Follower(ground, silent(ground.network, using.patterns, present), kept.after, from_start)
    return followed(follower, own)


def ordered(lines: Iterable[Seen]) -> tuple[Seen, ...]:
    """The lines of several logs on one line of time; each log's stay in their order."""
    seen = list(lines)
    if len({each.line.log for each in seen}) < 2:
        return tuple(seen)
    of = {id(each.line): each for each in seen}
    return tuple(of[id(entry.line)] for entry in timeline([each.line for each in seen]).entries)


def _of_client(seen: Seen) -> bool:
    known = component(seen.line.log) if seen.line.log else None
    if known is None:
        return not seen.pattern.logs or any(on_client(log) for log in seen.pattern.logs)
    return known.where in (Where.CLIENT, Where.UNKNOWN)


@cache
def on_client(log: str) -> bool:
    known = component(log)
    return known is None or known.where in (Where.CLIENT, Where.UNKNOWN)


def speaks_of_entra(pattern: Pattern) -> bool:
    """Whether a line of it is of this workflow and no other."""
    alone = pattern.holds if "{" not in pattern.holds and " or " not in pattern.holds else ""
    words = (*pattern.events, *pattern.echoes, alone)
    return not pattern.workflow and any(part in word for word in words for part in SPEAKING)


def _other_workflow(seen: Sequence[Seen]) -> str:
    others = [each.pattern.workflow for each in seen if each.pattern.workflow]
    if not others or any(speaks_of_entra(each.pattern) for each in seen):
        return ""
    return max(dict.fromkeys(others), key=others.count)


def _others_causes(seen: Sequence[Seen], workflow: str, using: Equipment) -> tuple[Named, ...]:
    """The causes that are the other workflow's own, where lines speak for one."""
    own = {name: each for name, each in using.causes.items() if name.startswith(workflow)}
    told = troubles(((each, ()) for each in seen), lambda name: False)
    plain = [replace(each, seen=replace(each.seen, pattern=replace(each.seen.pattern, cause=""))) if
             each.seen.pattern.cause not in own else each for each in told]  # fmt: skip
    return ranked(plain, replace(using.grounds, causes=own))


def _unsaid(device: str, logs: tuple[str, ...]) -> Diagnosis:
    return Diagnosis(
        device,
        Verdict.UNSAID,
        "Nothing can be said: no line is one that this tool knows.",
        "These may be other logs, or lines of a form or language that is not in the table of patterns.",
        "Give it ccmsetup.log, ClientIDManagerStartup.log, CcmMessaging.log and CcmAad.log of the device.",
        logs=logs,
    )


def _is_other(
    device: str, seen: tuple[Seen, ...], workflow: str, present: frozenset[str], named: tuple[Named, ...]
) -> Diagnosis:
    first = next(each for each in seen if each.pattern.workflow == workflow)
    article = "an" if workflow[0] in "aeiou" else "a"
    return Diagnosis(
        device,
        Verdict.OTHER,
        f"This is not the Entra workflow: it is {article} {workflow} one ({place(first)}).",
        f"{first.pattern.means or 'that line'}; nothing in these lines speaks of Entra authentication.",
        named[0].cause.remedy
        if named
        else "No cause is looked for here. Where Entra was meant, look at ccmsetup's command line (/mp, CCMHOSTNAME).",
        seen=seen,
        named=named,
        workflow=workflow,
        logs=tuple(sorted(present)),
    )


def place(seen: Seen) -> str:
    """Where a line stands: ``ccmsetup.log line 12``."""
    name = seen.line.source.replace("\\", "/").rpartition("/")[2] or seen.line.log
    return f"{name} line {seen.line.number}"


@dataclass
class _Said:
    """Puts a diagnosis together from what was followed."""

    device: str
    seen: tuple[Seen, ...]
    present: frozenset[str]
    using: Equipment
    full: Followed
    calm: Followed

    def diagnosis(self) -> Diagnosis:
        self.levels = self._levels()
        stages = passed(self.full)
        open_ones, overcome = self._troubles()
        ground = self.full.ground
        possible = ground.environments(self.full.possible)
        calm = self._calm()
        named = ranked(open_ones, self.using.grounds, possible, calm, self._inferred(open_ones, calm))
        deviations = self._deviations()
        found = findings(self.seen, self.full.placed, self.present)
        attempts = self._fruitless()
        verdict = Verdict.CONFORMS
        if open_ones or attempts > 1:
            verdict = Verdict.STALLED
        elif deviations:
            verdict = Verdict.DEVIATES
        remaining: tuple[Left, ...] = ()
        if verdict is Verdict.STALLED and not named:
            goal = "registration" if not self._registered(stages) else "operation"
            remaining = left(self.using.minimal(goal), calm if calm is not None else possible, self.using.grounds)
        last = max((i for i, each in enumerate(stages) if each.by is not None), default=-1)
        where = self._where(verdict, stages, last, open_ones, deviations, attempts)
        why = self._why(verdict, named, remaining, open_ones, deviations, found, stages)
        then = self._then(verdict, named, remaining, stages, last)
        return Diagnosis(
            self.device, verdict, where, why, then, self.seen, self.full.placed, stages, self._actors(), open_ones,
            overcome, named, remaining, deviations, found, warned(self.seen), "", tuple(sorted(self.present)),
            (possible.count, possible.total), self.full.cut > 0,
        )  # fmt: skip

    # -- what is so

    def _levels(self) -> list[int]:
        """After each followed line the stage that is certain to be behind."""
        found, level = [], -1
        for placed in self.full.placed:
            if placed.after is not None:
                level = level_of(self.full.ground, placed.after)
            found.append(level)
        return found

    def _troubles(self) -> tuple[tuple[Trouble, ...], tuple[Trouble, ...]]:
        """The failures that nothing after them overcame, and those that were."""
        event = self.full.ground.network.event
        index = {id(placed.seen): i for i, placed in enumerate(self.full.placed)}
        fits = {id(placed.seen): placed for placed in self.full.placed}

        def fitting(seen: Seen) -> Sequence[str]:
            placed = fits.get(id(seen))
            return placed.events if placed is not None and placed.events else seen.pattern.events

        ground = self.full.ground
        told = troubles(
            ((seen, fitting(seen)) for seen in self.seen),
            lambda name: name in event and event[name].refusal,
            lambda holds: failed(ground, holds),
        )
        best_later = [-1] * (len(self.levels) + 1)
        for i in reversed(range(len(self.levels))):
            here = self.levels[i] if achieves(self.full.placed[i]) else -1
            best_later[i] = max(best_later[i + 1], here)
        last_got = max((i for i, each in enumerate(self.full.placed) if got_token(each)), default=-1)
        open_ones: list[Trouble] = []
        overcome: list[Trouble] = []
        last = -1
        nearest: dict[int, int] = {}
        for seen in self.seen:  # a line of the site is as late as the client's line before it
            last = index.get(id(seen), last)
            nearest[id(seen)] = last
        for trouble in told:
            at = nearest[id(trouble.seen)]
            before = self.levels[at - 1] if at > 0 else -1
            later = best_later[at + 1] if at + 1 < len(best_later) else -1
            got = of_token(trouble.seen.pattern) and at < last_got
            (overcome if got or later > before else open_ones).append(trouble)
        return tuple(open_ones), tuple(overcome)

    def _fruitless(self) -> int:
        """How many attempts have begun since the highest stage that was ever reached was first behind."""
        highest, since = -1, 0
        for placed, level in zip(self.full.placed, self.levels, strict=True):
            if level > highest and level > 0:
                highest, since = level, 0
            if not ATTEMPTS.isdisjoint(placed.events) and placed.fit is not Fit.AGAIN:
                since += 1
        return since if highest < REGISTERED_LEVEL else 0

    def _calm(self) -> Environments | None:
        if not self.calm.begun or self.calm.cost > self.full.cost + 2 or self.calm.deviations:
            return None
        return self.calm.ground.environments(self.calm.possible)

    def _inferred(self, open_ones: Sequence[Trouble], calm: Environments | None) -> list[Supposed]:
        """Causes of what failed where no line says what: by what goes on, and by what would explain it."""
        if not open_ones:
            return []
        found: list[Supposed] = []
        going: dict[str, tuple[Seen, frozenset[str]]] = {}
        for placed in self.full.placed:
            for event in placed.events:
                if event in DURING:
                    going[DURING[event][0]] = placed.seen, DURING[event][1]
            going = {name: each for name, each in going.items() if each[1].isdisjoint(placed.events)}
        found += [(name, How.INFERRED, line) for name, (line, _) in going.items()]
        if calm is not None:
            found += self._learnt({id(each.seen) for each in open_ones[-RECENT_TROUBLES:]})
        if calm is not None and open_ones[-1].seen.pattern.cause == "":
            lines = {id(each.seen) for each in open_ones}
            names, at, sure = explaining(self.calm, self.using, self.present, lines)
            how = How.INFERRED if sure else How.THINKABLE
            found += [(name, how, at) for name in names if at is not None]
        return found

    def _learnt(self, lines: Collection[int]) -> list[Supposed]:
        """The causes that explain what is left of the environments after a line, and not what was left before it."""
        ground, grounds, found = self.calm.ground, self.using.grounds, []
        for placed in self.calm.placed:
            if id(placed.seen) in lines and placed.before and placed.after and placed.fit in (Fit.STEP, Fit.HOLDS):
                before = grounds.explaining(ground.environments(placed.before))
                after = grounds.explaining(ground.environments(placed.after))
                found += [(name, How.INFERRED, placed.seen) for name in after if name not in before]
        return found

    def _registered(self, stages: Sequence[Passed]) -> bool:
        return any(each.stage.name == "is registered" and each.by is not None for each in stages)

    def _deviations(self) -> tuple[Deviation, ...]:
        found = []
        for number, placed in enumerate(self.full.placed):
            if placed.fit is Fit.DEVIATES:
                why = tuple(
                    refused(self.full.ground, placed.before, event, placed.seen.pattern.holds)
                    for event in placed.seen.pattern.events
                ) if placed.before else ()  # fmt: skip
                found.append(Deviation(placed, number, why))
        return tuple(found)

    def _actors(self) -> Mapping[str, tuple[str, ...]]:
        states = self.full.states
        if states is None or states == EMPTY:
            return {}
        found = self.full.ground.states(states)
        return {name: found[name] for name in ACTORS if name in found}

    # -- what is said

    def _where(
        self, verdict: Verdict, stages: Sequence[Passed], last: int, open_ones: Sequence[Trouble],
        deviations: Sequence[Deviation], attempts: int,
    ) -> str:  # fmt: skip
        achieved = f"the client {stages[last].stage.name}" if last >= 0 else ""
        doing = self._doing(stages, last)
        if verdict is Verdict.DEVIATES:
            at = deviations[0].placed.seen
            return f"Deviates at {place(at)} ({at.pattern.means or at.pattern.id}): it cannot follow what came before."
        if verdict is Verdict.STALLED:
            at = open_ones[-1].seen if open_ones else None
            line = f" ({place(at)})" if at is not None else f" (attempt {attempts} in vain)"
            behind = f"; {achieved}" if achieved else ""
            return f"Stalled: {doing}, and it fails{line}{behind}."
        if last >= 0 and doing and last + 1 < len(stages):
            return f"Conforms so far: {achieved}; the lines end while {doing}."
        return f"Conforms: {achieved}." if achieved else "Conforms so far: the lines that are known fit together."

    def _doing(self, stages: Sequence[Passed], last: int) -> str:
        """What was under way when the failure came, or the lines ended."""
        behind = self.levels[-1] if self.levels else -1
        at = max(last, -1)
        if 0 <= behind < at and at < REGISTERED_LEVEL:
            at = behind  # another attempt has fallen back
        later = [each for i, each in enumerate(stages) if i > at and not each.spared]
        return later[0].stage.doing if later else "the client works"

    def _why(
        self, verdict: Verdict, named: Sequence[Named], remaining: Sequence[Left], open_ones: Sequence[Trouble],
        deviations: Sequence[Deviation], found: Sequence[Finding], stages: Sequence[Passed],
    ) -> str:  # fmt: skip
        if verdict is Verdict.DEVIATES:
            reasons = [
                f"{each.event}: not so that {'; '.join(each.leaves)}" for each in deviations[0].refused if each.leaves
            ]
            return reasons[0] + "." if reasons else "In no environment of the model may this line follow these."
        if verdict is Verdict.STALLED:
            first = [each for each in named if each.rank == 1]
            if len(first) == 1:
                return f"{first[0].cause.means} ({place(first[0].lines[-1])})"
            if first:
                names = ", ".join(each.cause.name for each in first)
                return f"One of: {names}; these lines cannot tell which ({place(first[0].lines[-1])})."
            if open_ones:
                at = open_ones[-1].seen
                return f"Why is not known: {at.pattern.means or at.pattern.id} ({place(at)}); {_count(remaining)}."
            return f"Why is not known: no line says what failed; {_count(remaining)}."
        if found:
            return f"{len(found)} finding{'s' * (len(found) > 1)} for a security review: {found[0].text}."
        shown = sum(each.seen for each in stages)
        inferred = sum(each.by is not None and not each.seen for each in stages)
        return f"{shown} stages were seen and {inferred} can only be inferred; no failure is left open."

    def _then(
        self, verdict: Verdict, named: Sequence[Named], remaining: Sequence[Left], stages: Sequence[Passed], last: int
    ) -> str:
        if verdict is Verdict.DEVIATES:
            return (
                "See whether lines are missing there, or two devices' logs are mixed; --from-start and one device help."
            )
        if verdict is Verdict.STALLED:
            first = [each for each in named if each.rank == 1]
            if len(first) == 1:
                return first[0].cause.remedy
            if first:
                looks = dict.fromkeys(each.cause.look for each in first if each.cause.look)
                return "Look next at: " + "; ".join(list(looks)[:3]) + "."
            looks = dict.fromkeys(
                self.using.causes[name].look
                for each in remaining
                for name in each.names
                if self.using.causes[name].look
            )
            return (
                "Look next at: " + "; ".join(list(looks)[:2]) + "."
                if looks
                else "Look at the logs of the CMG and the site."
            )
        if last + 1 < len(stages):
            return "Nothing to do yet: see whether the logs go on."
        return "Nothing to do."


REGISTERED_LEVEL = next(i for i, each in enumerate(STAGES) if each.name == "is registered")


def _count(remaining: Sequence[Left]) -> str:
    return f"{len(remaining)} causes are left" if remaining else "nothing that the model has is left"
