"""What the suite asks of all scenarios together: that each event happens in one, that each state is entered in one,
and that each property is put to the test in one.

Nothing of it is wrong with one scenario, so an edit is noticed by it only where something that stands somewhere in the
original stands nowhere any more, in whatever scenario. What stands in a step is asked only where that decides: of
promises it is dear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .ladder import Step
from .work import Found

REACH = "reach"
"""What notices that an event happens nowhere, or a state is entered nowhere; no property, and told among them."""
REACH_CLAIM = "In some scenario each event happens, and each state is entered"
PLACES = ("event ", "state ")
"""With what the items begin that are no property: an event that happens, a state that is entered."""


@dataclass
class Standing:
    """What is known of it while the edits are looked at, step by step.

    Attributes:
        stands: whether an item stands in a step, by its number, before any edit.
        looked: for each edit what was found of it in each step, by its number.
        whole: the numbers of the steps that were looked at in all of their environments.
    """

    stands: Callable[[int, str], bool]
    looked: dict[str, dict[int, Found]] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)

    def learn(self, number: int, step: Step, found: Iterable[Found]) -> None:
        """Take up what a step says of the edits; of a narrowed one only what stands in it."""
        if not step.within:
            self.whole.add(number)
        for each in found:
            self.looked.setdefault(each.edit, {})[number] = each

    def suspects(self, edit: str, *, narrowed: bool = False) -> Mapping[str, int]:
        """What the edit has lost wherever it was looked for, with the first step in which it was found lost.

        Args:
            narrowed: what only some environments have lost counts too; it may be there in the others.
        """
        lost: dict[str, int] = {}
        for number, found in self.looked.get(edit, {}).items():
            if narrowed or number in self.whole:
                for item in found.lost:
                    lost.setdefault(item, number)
        return {item: number for item, number in lost.items() if not self._held(edit, item)}

    def _held(self, edit: str, item: str) -> bool:
        """Whether it stands with the edit in some step that was looked at; asked last of what nobody has asked yet."""
        looked = self.looked[edit].items()
        if any(item in found.gained for _, found in looked):
            return True
        return any(item not in found.lost and self.stands(number, item) for number, found in looked)

    def might_hold(self, edit: str, number: int) -> bool:
        """Whether the step may have what the edit has lost everywhere else, as far as that was looked at."""
        return any(self.stands(number, item) for item in self.suspects(edit, narrowed=True))

    def gone(self, edit: str, whole: Iterable[int]) -> tuple[int, tuple[str, ...]] | None:
        """What is gone for good, as what notices it, with the first step in which it was found lost.

        Args:
            whole: the steps that look at all of their environments; what stands in one of them in which the edit was
                not looked at may stand there still.
        """
        unseen = [number for number in whole if number not in self.looked.get(edit, {})]
        gone = {
            item: number
            for item, number in self.suspects(edit).items()
            if not any(self.stands(other, item) for other in unseen)
        }
        if not gone:
            return None
        by = dict.fromkeys(REACH if item.startswith(PLACES) else item for item in gone)
        return min(gone.values()), tuple(sorted(by, key=lambda name: name == REACH))
