"""The three lines: where it stands, why, and what to look at or do next."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from ...counterexample import in_words
from ..components import canonical
from ..pattern import Cause, Seen
from .answer import Deviation, Verdict
from .failures import no_token
from .findings import Finding
from .how import How
from .place import place, places
from .ranking import Left, Named, Trouble
from .stages import REGISTERED, Passed

WANTED = ("ccmsetup", "ClientIDManagerStartup", "LocationServices", "CcmMessaging", "CcmAad")
"""The logs of a client by which most causes are told apart."""
OF_TOKENS = ("CcmAad",)
"""Those that tell why Entra gives no token."""
INSTALLED_ONLY = frozenset(
    {"ClientIDManagerStartup", "CcmMessaging", "ADALOperationProvider", "CcmAad", "ClientLocation", "CcmExec"}
)
"""The logs that only an installed client writes."""
FEW = 3
"""Of so many causes it is worth while to look for each."""
_REFUSED = re.compile(r"[45]\d\d\Z")
"""An HTTP status that says no."""
NAMELESS = "what says so is a line of the site that names no device: it may be about another one"
NO_LOOK = "Look at the logs of the CMG and of the site."


@dataclass(frozen=True)
class Sentences:
    """What they are made of.

    Attributes:
        now: the highest stage that is certain to be behind since the last attempt began; -1: none.
        exact: it is certain, too, that the next one is not.
        attempts: how many have begun in vain.
        table: all causes, for what to look at.
        logs: those that are there.
        users_alone: nothing has failed but what a user asked for himself.
        nameless: the lines of the site, by identity, that bear no name of this device.
        seen: the recognised lines; ``of_site``: none of them is the client's, so that what it did is not told.
    """

    verdict: Verdict
    stages: Sequence[Passed]
    now: int
    attempts: int
    open_ones: Sequence[Trouble]
    named: Sequence[Named]
    left: Sequence[Left]
    deviations: Sequence[Deviation]
    findings: Sequence[Finding]
    table: Mapping[str, Cause]
    logs: Container[str] = ()
    seen: Sequence[Seen] = ()
    of_site: bool = False
    users_alone: bool = False
    exact: bool = False
    nameless: Container[int] = frozenset()

    @property
    def last(self) -> int:
        """The last stage that was ever passed."""
        return max((i for i, each in enumerate(self.stages) if each.by is not None), default=-1)

    @property
    def first(self) -> list[Named]:
        return [each for each in self.named if each.rank == 1]

    def where(self) -> str:
        achieved = f"the client {self.stages[self.last].stage.name}" if self.last >= 0 else ""
        if self.verdict is Verdict.DEVIATES:
            at = self.deviations[0].placed.seen
            return f"Deviates at {place(at)} ({at.pattern.means or at.pattern.id}): it cannot follow what came before."
        if self.verdict is Verdict.STALLED:
            if self.open_ones and ((self.last < 0 and not self.exact) or self.of_site or self._past_install()):
                at = self.first[0].lines[-1] if self.first else self.open_ones[-1].seen
                said = at.pattern.means or at.pattern.id
                status = at.fields.get("status", "")
                said = f"{said} ({status})" if _REFUSED.match(status) and status not in said else said
                come = (
                    "the client is installed" if self._past_install() else "how far the client has come is not certain"
                )
                return f"Stalled at {place(at)}: {said}; {come}."
            if self.users_alone:
                there = place(self.open_ones[-1].seen)
                return f"Stalled: the client is registered, and what one of its users asks for fails ({there})."
            line = f"attempt {self.attempts} in vain" if not self.open_ones else place(self.open_ones[-1].seen)
            behind = f"; {achieved}" if achieved else ""
            return f"Stalled: {self._doing()}, and it fails ({line}){behind}."
        if 0 <= self.last < len(self.stages) - 1 and not self.of_site:
            return f"Conforms so far: {achieved}; the lines end while {self._doing()}."
        if achieved and not self.of_site:
            return f"Conforms: {achieved}."
        ends = f"; the last one: {self.seen[-1].pattern.means} ({place(self.seen[-1])})" if self.seen else ""
        return f"Conforms so far: the lines that are known fit together{ends}."

    def _past_install(self) -> bool:
        """Whether what failed is the installed client's, where its installation is not seen."""
        installed = {canonical(each.seen.line.log) for each in self.open_ones} <= INSTALLED_ONLY
        return installed and self.last < len(self.stages) - 1 and self.stages[self.last + 1].stage.phase == "install"

    def _doing(self) -> str:
        """What was under way when the failure came, or the lines ended; another attempt may have fallen back."""
        at = self.now if self.now >= 0 and self.last < REGISTERED else self.last
        later = [each for i, each in enumerate(self.stages) if i > at and not each.spared]
        return later[0].stage.doing if later else "the client works"

    def why(self) -> str:
        if self.verdict is Verdict.DEVIATES:
            reasons = [each for each in self.deviations[0].refused if each.leaves]
            if reasons:
                return f"{in_words(reasons[0].event)}: not so that {'; '.join(reasons[0].leaves)}."
            return "In no environment that the lines before leave may this line follow them."
        if self.verdict is Verdict.STALLED:
            return self._why_stalled()
        if self.findings:
            many = f"{len(self.findings)} finding{'s' * (len(self.findings) > 1)}"
            return f"{many} for a security review: {self.findings[0].text}."
        if self.last < 0 or self.of_site:
            return "No stage of the workflow is certain from them; no failure is left open."
        seen = sum(each.seen for each in self.stages)
        inferred = sum(each.by is not None and not each.seen for each in self.stages)
        many = f"{seen} stage{' was' if seen == 1 else 's were'} seen"
        return f"{many} and {inferred} can only be inferred; no failure is left open."

    def _why_stalled(self) -> str:
        first = self.first
        if first and first[0].how is How.THINKABLE:
            names = " or ".join(each.cause.name for each in first)
            return f"No line says why. What might explain {place(first[0].lines[-1])}: {names}."
        if len(first) == 1:
            there = place(first[0].lines[-1])
            return f"{first[0].cause.means} ({there}){self._in_particular(first[0])}{self._whose(first[0])}"
        if first:
            return self._several(first)
        rest = f"{len(self.left)} causes are left" if self.left else "nothing that the model has is left"
        if self.open_ones:
            at = self.open_ones[-1].seen
            return f"Why is not known: {at.pattern.means or at.pattern.id} ({place(at)}); {rest}."
        return f"Why is not known: no line says what failed; {rest}."

    def _in_particular(self, general: Named) -> str:
        """What a general cause may come from here, where lines speak for that too."""
        names = [each.cause.name for each in self.named if each.cause.name in general.cause.covers and not each.needs]
        return f" Perhaps it is this: {' or '.join(names)}." if 0 < len(names) < FEW else ""

    def _whose(self, named: Named) -> str:
        """Whether it rests on lines alone that may be about another device."""
        if any(id(seen) not in self.nameless for seen in named.lines):
            return ""
        return f" {NAMELESS[0].upper()}{NAMELESS[1:]}."

    def _several(self, first: Sequence[Named]) -> str:
        """Causes of one rank: lines of their own speak for each, or the same lines for all, and do not tell which."""
        if _apart(first):
            return f"{_COUNT.get(len(first), str(len(first)))} things are wrong: {numbered(first)}"
        return one_of(first)

    def then(self) -> str:
        if self.verdict is Verdict.DEVIATES:
            return "See whether lines are missing there, or logs of two devices are mixed."
        if self.verdict is not Verdict.STALLED and self.findings:
            return f"Have {places(self.findings[0].lines[-FEW:])} looked at, though nothing has failed."
        if self.verdict is not Verdict.STALLED:
            ended = self.last + 1 < len(self.stages)
            return "Nothing to do yet: see whether the logs go on." if ended else "Nothing to do."
        first = self.first
        if first and first[0].how is not How.THINKABLE:
            if len(first) == 1:
                return first[0].cause.remedy
            if _apart(first):
                return " ".join(f"({number}) {each.cause.remedy}" for number, each in enumerate(first, 1))
        wanted = (*OF_TOKENS, *WANTED) if no_token(self.open_ones) else WANTED
        lacking = [each for each in dict.fromkeys(wanted) if each not in self.logs]
        if lacking and len(self.left) > FEW and not first:
            return f"Give it {' and '.join(f'{each}.log' for each in lacking[:3])} of the same time too."
        causes = [each.cause for each in first] or [self.table[name] for each in self.left for name in each.names]
        looks = list(dict.fromkeys(each.look for each in causes if each.look))
        return f"Look next at: {'; '.join(looks[:3])}." if looks else NO_LOOK


_COUNT = {2: "Two", 3: "Three", 4: "Four"}


def numbered(several: Sequence[Named]) -> str:
    """What each of some causes means."""
    return " ".join(f"({number}) {each.cause.means}" for number, each in enumerate(several, 1))


def one_of(several: Sequence[Named]) -> str:
    """That the same lines speak for each of some causes; of two it is said what they mean."""
    at = place(several[0].lines[-1])
    if len(several) == 2:
        return f"One of two, and these lines cannot tell which ({at}): {numbered(several)}"
    return f"One of: {', '.join(each.cause.name for each in several)}; these lines cannot tell which ({at})."


def _apart(several: Sequence[Named]) -> bool:
    """Whether lines of its own say each of several causes outright: then all of them are so."""
    lines = [id(seen) for each in several for seen in each.lines]
    return all(each.how is How.SAID for each in several) and len(lines) == len(set(lines))
