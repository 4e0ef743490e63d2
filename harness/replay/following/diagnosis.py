"""The diagnosis of one device's logs: where it stands, why, and what to look at or do next.

Five answers. It *conforms* so far: every recognised line fits, and nothing speaks of a failure that was not overcome.
It has *stalled*: a failure is there, or attempt follows attempt, and nothing after it went further. It *deviates*: a
line contradicts what came before. It is *another workflow*. Or it *cannot be said*: no line is recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from ccmproof.model.kernel.diagram import EMPTY
from ccmproof.model.kernel.environments import Environments

from ..codes import codes_in
from ..components import canonical, component
from ..line import Line
from ..pattern import Seen
from ..reading.timeline import Timeline, timeline
from .ages import Ages
from .answer import Deviation, Diagnosis, Verdict
from .asked import asked
from .binding import Warned, warned
from .deviation import refused
from .elsewhere import NOT_LOOKED_FOR, article, is_other, of_its_workflow, other, other_workflow, unlikely
from .equipment import Equipment
from .failures import Failures, no_token, supposed
from .findings import findings
from .follow import ONCE_MORE, Followed, Follower, deviating, followed
from .hosts import of_client
from .longest import longest
from .narrowing import denied
from .place import place
from .ranking import Left, Named, Trouble, left, ranked, withholding
from .sentences import Sentences
from .silence import heard, silent
from .skewed import skewed
from .stages import TOKEN_REFUSALS, Passed, passed
from .together import nameless, with_site, without_client
from .trail import ANYWHERE, ASIDE, Fit
from .writers import attributed

FEW = 10
"""Troubles that say the same are looked at if they are so many from the beginning or from the end."""
ACTORS = ("ccmsetup", "install_mode", "entra_request", "registration", "registration.approval", "messaging",
          "cache.system.life", "cache.user.life", "security_settings", "new_token")  # fmt: skip
"""The client's actors whose state is told."""
EXPLAINED = 20
"""Of so many deviations the longest explanations are told."""


def diagnose(
    lines: Iterable[Seen],
    using: Equipment,
    *,
    logs: Iterable[str] = (),
    device: str = "",
    from_start: bool = False,
    doubtful: Sequence[Line] = (),
) -> Diagnosis:
    """Say where one device stands.

    Args:
        lines: those that were recognised, of one device, each log's in its order.
        logs: the logs that are there, also where none of their lines was recognised.
        from_start: insist that the logs begin where the workflow does.
        doubtful: lines that are not recognised and speak of an error.
    """
    there, time = ordered(attributed(lines, using.recogniser))
    seen = tuple(map(of_its_workflow, there))
    if not seen:
        return _unseen(device, tuple(sorted(set(logs))))
    present = frozenset(filter(None, (canonical(log) for log in (*logs, *(each.line.log for each in seen)))))
    workflow = other_workflow(seen)
    if workflow:
        return is_other(device, seen, other(seen, workflow, using), present)
    own = [each for each in seen if of_client(each)]
    found = _Made(device, seen, Watched(own, seen, time), present, using, from_start).diagnosis()
    return _doubted(_insisted(found) if from_start else found, doubtful)


def _insisted(found: Diagnosis) -> Diagnosis:
    """What is said where the logs have to begin where the workflow does: that they do not, if it is so."""
    first = next((each for each in found.placed if each.fit not in ASIDE), None)
    if first is None or first.fit not in ANYWHERE:
        return found
    text, at = "the logs do not begin where the workflow does", first.seen
    found = replace(found, warnings=(Warned(text, (at,)), *found.warnings))
    if found.verdict is not Verdict.CONFORMS:
        return found
    return replace(
        found,
        verdict=Verdict.DEVIATES,
        where=f"Deviates at {place(at)}: {text}.",
        why=f"Lines are missing before it: {at.pattern.means or at.pattern.id}.",
        then="Give it the older logs too, those that were rolled over; or do not insist (--from-start).",
    )


def _doubted(found: Diagnosis, doubtful: Sequence[Line]) -> Diagnosis:
    """What conforms as far as it is known, with the errors that are not."""
    if found.verdict is not Verdict.CONFORMS or not doubtful:
        return found
    many = f"{len(doubtful)} lines that are not known speak" if len(doubtful) > 1 else "a line that is not known speaks"
    meant = (f"{known.hex} in it: {known.means}" for known in codes_in(doubtful[0].text))
    told = "; ".join((doubtful[0].place, *meant))
    if all(each.by is None for each in found.stages):
        why = "Those that are known tell of no failure, and of no stage that would be certain."
        return _unsaid(found.device, found.logs, f"{many} of an error ({told})", why, found.seen)
    return replace(found, why=f"{found.why} But {many} of an error: {told}.")


@dataclass(frozen=True)
class Watched:
    """The lines that are followed.

    Attributes:
        own: the client's; ``seen``: all lines.
        time: their line of time; ``None`` where one log alone is there.
    """

    own: Sequence[Seen]
    seen: Sequence[Seen]
    time: Timeline | None = None

    @cached_property
    def site(self) -> list[Seen]:
        """Those that no component of the client has written."""
        own = set(map(id, self.own))
        return [each for each in self.seen if id(each) not in own]


def follow(of: Watched, using: Equipment, present: frozenset[str], from_start: bool, *, calm: bool) -> Followed:
    """Follow the client's lines, and with them those of the site that its run explains."""
    ground, after = using.anew(calm=calm)
    quiet, audible = silent(ground.network, using.patterns, present), heard(using.patterns, present)
    follower = partial(Follower, ground, quiet, after, from_start)
    lines = asked(of.own or of.seen, Ages(audible))
    alone = followed(follower(), lines)
    if alone.deviations:  # a line that fitted where it should not have, for those before it are lost, may be why
        alone = min(alone, followed(follower(generous=True), lines), key=lambda each: each.cost)
    if not of.site or of.time is None:
        return alone
    again = partial(follower, budget=ONCE_MORE)
    if not of.own:
        return without_client(again, of.site, of.time, alone) or alone
    return with_site(again, of.own, of.site, of.time, audible, alone) or alone


def ordered(lines: Iterable[Seen]) -> tuple[tuple[Seen, ...], Timeline | None]:
    """The lines of several logs on one line of time; each log's stay in their order."""
    seen = list(lines)
    if len({each.line.log for each in seen}) < 2:
        return tuple(seen), None
    of = {id(each.line): each for each in seen}
    time = timeline([each.line for each in seen])
    return tuple(of[id(entry.line)] for entry in time.entries), time


def few(told: Sequence[Trouble]) -> list[Trouble]:
    """Of troubles that say the same the first ones and the last ones: a client may say it for weeks."""
    places: dict[tuple[object, ...], list[int]] = {}
    for number, each in enumerate(told):
        places.setdefault((each.seen.pattern.id, each.refused, each.codes), []).append(number)
    kept = sorted({number for of in places.values() for number in (*of[:FEW], *of[-FEW:])})
    return [told[number] for number in kept]


def _unseen(device: str, logs: tuple[str, ...]) -> Diagnosis:
    """No line is known; the components that wrote them may be."""
    those = [each for each in map(component, logs) if each is not None]
    workflow = next((each.workflow for each in those if each.workflow), "")
    if workflow and all(each.workflow == workflow or not each.ours for each in those):
        return Diagnosis(
            device,
            Verdict.OTHER,
            f"This is not the Entra workflow: it is {article(workflow)} {workflow} one.",
            f"the lines are {' and '.join(logs)}'s; nothing in them speaks of Entra authentication.",
            NOT_LOOKED_FOR,
            workflow=workflow,
            logs=logs,
        )
    others = [each.name for each in those if not each.ours]
    why = "These may be other logs, or lines of a form or language that is not in the table of patterns."
    if others and len(others) == len(logs):
        why = f"They are lines of {', '.join(others)}, which has no part in this workflow."
    return _unsaid(device, logs, "no line is one that this tool knows", why)


def _unsaid(device: str, logs: tuple[str, ...], what: str, why: str, seen: tuple[Seen, ...] = ()) -> Diagnosis:
    return Diagnosis(
        device,
        Verdict.UNSAID,
        f"Nothing can be said: {what}.",
        why,
        "Give it ccmsetup.log, ClientIDManagerStartup.log, CcmMessaging.log and CcmAad.log of the device.",
        seen=seen,
        logs=logs,
    )


@dataclass
class _Made:
    """Follows the lines and puts a diagnosis together; where nothing has failed, without asking how it might have."""

    device: str
    seen: tuple[Seen, ...]
    watched: Watched
    present: frozenset[str]
    using: Equipment
    from_start: bool

    @cached_property
    def full(self) -> Followed:
        return follow(self.watched, self.using, self.present, self.from_start, calm=False)

    @cached_property
    def calm(self) -> Followed:
        return follow(self.watched, self.using, self.present, self.from_start, calm=True)

    def diagnosis(self) -> Diagnosis:
        failures, stages = Failures(self.seen, self.full), passed(self.full)
        possible = self.full.ground.environments(self.full.possible)
        named = self._named(failures, possible) if failures.open else ()
        deviations = self._deviations()
        verdict = Verdict.DEVIATES if deviations else Verdict.CONFORMS
        if failures.open or failures.fruitless > 1:
            verdict = Verdict.STALLED
        if verdict is Verdict.CONFORMS and not self._tells(stages):
            what = "the lines that are known tell of no step of this workflow"
            why = "What they say may be true of a client at any time: it neither conforms nor fails."
            return _unsaid(self.device, tuple(sorted(self.present)), what, why, self.seen)
        remaining: tuple[Left, ...] = ()
        if verdict is Verdict.STALLED and not named:
            registered = any(each.stage.name == "is registered" and each.by is not None for each in stages)
            minimal = self.using.minimal("operation" if registered else "registration")
            allowed = self._allowed
            remaining = left(minimal, possible if allowed is None else allowed, self.using.grounds)
            if no_token(failures.open):
                remaining = withholding(remaining, self.using.grounds, TOKEN_REFUSALS)
        found = findings(self.seen, self.full.placed, self.using.claims, self.using.patterns)
        odd = (*warned(self.seen, self.full.placed), *skewed(self.watched.time))
        said = Sentences(
            verdict, stages, failures.come_to, failures.fruitless, failures.open, named,
            remaining, deviations, found, self.using.causes, self.present, self.seen,
            of_site=not any(map(of_client, self.seen)), users_alone=failures.users_alone,
            exact=failures.exact,
            nameless=self._nameless,
        )  # fmt: skip
        return Diagnosis(
            self.device, verdict, said.where(), said.why(), said.then(), self.seen, self.full.placed, stages,
            self._actors(), failures.open, failures.overcome, named, remaining, deviations, found, odd,
            "", tuple(sorted(self.present)), (possible.count, possible.total), self.full.cut > 0, self._of_site(),
            self._nameless,
        )  # fmt: skip

    def _tells(self, stages: Sequence[Passed]) -> bool:
        """Whether the lines tell anything of the workflow, so that they can conform to it."""
        patterns = [each.pattern for each in self.seen]
        return any(each.by is not None for each in stages) or any(
            each.events or each.echoes or each.holds or each.failure or each.cause for each in patterns
        )

    def _named(self, failures: Failures, possible: Environments) -> tuple[Named, ...]:
        thought = supposed(failures, self._calm, self.using, self.present)
        return ranked(
            few(failures.open),
            self.using.grounds,
            possible,
            self._allowed,
            thought,
            denied(self.seen),
            unlikely(self.seen, self.using.causes),
        )

    @cached_property
    def _allowed(self) -> Environments | None:
        """The environments that the lines allow where nothing fails for a while; ``None``: they do not fit there."""
        return None if self._calm is None else self._calm.ground.environments(self._calm.possible)

    @cached_property
    def _calm(self) -> Followed | None:
        """The lines where nothing fails for a while, if they fit there about as well."""
        calm = self.calm
        return calm if calm.begun and not calm.deviations and calm.cost <= self.full.cost + 2 else None

    def _deviations(self) -> tuple[Deviation, ...]:
        found: list[Deviation] = []
        why = cache(partial(refused, self.full.ground))
        quiet = silent(self.full.ground.network, self.using.patterns, self.present)
        for number, placed, steps in deviating(self.full):
            pattern = placed.seen.pattern
            before = self.full.ground.union(each.before for each, _ in steps if each.before)
            whys = tuple(why(before, event, pattern.holds) for event in pattern.events) if before else ()
            points = [earlier for _, earlier in steps if earlier is not None] if len(found) < EXPLAINED else []
            found.append(Deviation(placed, number, whys, longest(self.full.ground, quiet, points, ACTORS)))
        return tuple(found)

    @cached_property
    def _nameless(self) -> frozenset[int]:
        return nameless(self.watched.own, self.watched.site) if self.watched.own else frozenset()

    def _of_site(self) -> tuple[int, int]:
        """Of the lines of the site how many the client's run explains, and how many there are."""
        site = set(map(id, self.watched.site)) if self.watched.own else set()
        placed = (each for each in self.full.placed if id(each.seen) in site)
        return sum(each.fit is not Fit.SAID for each in placed), len(site)

    def _actors(self) -> Mapping[str, tuple[str, ...]]:
        states = self.full.states
        if states is None or states == EMPTY:
            return {}
        found = self.full.ground.states(states)
        return {name: found[name] for name in ACTORS if name in found}
