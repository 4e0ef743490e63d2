"""What is judged of a line by those before it in its log, before it is held against the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..pattern import Seen
from .ages import Ages

RECENT = 6
"""An event may be said again within so many lines."""
SECONDS = 3.0
"""The same words are the same line again within so many seconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, and what is judged of it.

    Attributes:
        repeats: it may say once more what one just before it, or one of another host, has said.
        anew: another run of the program writes it than the one that wrote the line before it in its log.
        given: what is so by the time that it bears, as an expression; empty: time says nothing.
        bound: it is taken to be this device's, so that the way has to explain it.
    """

    seen: Seen
    repeats: bool = False
    anew: bool = False
    given: str = ""
    bound: bool = False


@dataclass
class Asking:
    """Judges the lines of one host, one after the other.

    Args:
        ages: of the tokens that the lines speak of.
    """

    ages: Ages = field(default_factory=Ages)
    _recent: list[Seen] = field(default_factory=list)
    _runs: dict[str, int] = field(default_factory=dict)
    """By log, the run of the program that wrote its last line."""

    def of(self, seen: Seen) -> Asked:
        """The next line."""
        asked = Asked(seen, self._repeats(seen), self._begins_anew(seen), self.ages.given(seen))
        self.ages.take(seen)
        self._runs[seen.line.log] = seen.line.process
        if seen.pattern.events:
            self._recent = [*self._recent[1 - RECENT :], seen]
        return asked

    def _repeats(self, seen: Seen) -> bool:
        events = set(seen.pattern.events)
        if not events:
            return False
        return any(
            (same_words(seen, earlier) and near(seen, earlier))
            or (seen.line.log != earlier.line.log and not events.isdisjoint(earlier.pattern.events))
            or (seen.pattern.id != earlier.pattern.id and events == set(earlier.pattern.events))
            for earlier in self._recent
        )

    def _begins_anew(self, seen: Seen) -> bool:
        """Whether another run of the program writes the line than the one that wrote the line before it in its log."""
        before = self._runs.get(seen.line.log)
        return before is not None and before != seen.line.process


def asked(lines: Iterable[Seen], ages: Ages | None = None) -> list[Asked]:
    """What is judged of each line of a host."""
    asking = Asking(ages or Ages())
    return [asking.of(seen) for seen in lines]


def same_words(one: Seen, other: Seen) -> bool:
    return one.line.log == other.line.log and one.line.text == other.line.text


def near(one: Seen, other: Seen) -> bool:
    """Within a few seconds, or of an unknown time."""
    if one.line.when is None or other.line.when is None:
        return True
    apart = one.line.when.replace(tzinfo=None) - other.line.when.replace(tzinfo=None)
    return abs(apart.total_seconds()) <= SECONDS
