"""What the suite asks of all scenarios together: that each event happens in one, that each state is entered in one,
and that each property is put to the test in one.

Nothing of it is wrong with one scenario, so an edit is noticed by it only where something that stands somewhere in the
original stands nowhere any more, in whatever scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .ladder import Step
from .work import Found

REACH = "reach"
"""What notices that an event happens nowhere, or a state is entered nowhere; no property, and told among them."""
REACH_CLAIM = "In some scenario each event happens, and each state is entered"


@dataclass
class Standing:
    """What is known of it while the edits are looked at, step by step.

    Attributes:
        stands: for each step that was looked at, what stands in it before any edit.
        lost: for each edit what was found lost, and the first step in which it was.
        held: for each edit what stands in some step.
        seen: for each edit the steps that were looked at to the end, in all of their environments.
    """

    stands: dict[int, frozenset[str]] = field(default_factory=dict)
    lost: dict[str, dict[str, int]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, set[int]] = field(default_factory=dict)

    def learn(self, number: int, step: Step, found: Iterable[Found]) -> None:
        """Take up what a step says of the edits; of a narrowed one only what stands in it."""
        here = self.stands[number]
        for each in found:
            lost = set(each.lost) if each.word == "unnoticed" else set()
            self.held.setdefault(each.edit, set()).update(here - lost, each.gained)
            if step.within:
                continue
            self.seen.setdefault(each.edit, set()).add(number)
            for item in sorted(lost):
                self.lost.setdefault(each.edit, {}).setdefault(item, number)

    def suspects(self, edit: str) -> Mapping[str, int]:
        """What the edit has lost wherever it was looked for, with the first step in which it was found lost."""
        held = self.held.get(edit, set())
        return {item: number for item, number in self.lost.get(edit, {}).items() if item not in held}

    def might_hold(self, edit: str, number: int) -> bool:
        """Whether the step may have what the edit has lost everywhere else."""
        return any(item in self.stands[number] for item in self.suspects(edit))

    def gone(self, edit: str, whole: Iterable[int]) -> tuple[int, tuple[str, ...]] | None:
        """What is gone for good, as what notices it, with the first step in which it was found lost.

        Args:
            whole: the steps that look at all of their environments; what stands in one of them in which the edit was
                not looked at may stand there still.
        """
        unseen = [number for number in whole if number not in self.seen.get(edit, set())]
        gone = {
            item: number
            for item, number in self.suspects(edit).items()
            if not any(item in self.stands[other] for other in unseen)
        }
        if not gone:
            return None
        by = dict.fromkeys(REACH if item.startswith(("event ", "state ")) else item for item in gone)
        return min(gone.values()), tuple(sorted(by, key=lambda name: name == REACH))
