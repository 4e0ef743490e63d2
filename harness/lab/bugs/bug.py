"""What a seeded bug is: somebody else's component, which decides one thing otherwise than ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..build import Lab, Parts


@dataclass(frozen=True)
class Bug:
    """A bug that can be switched on.

    Attributes:
        name: by which it is asked for.
        wrong: what it does, in one line.
        offends: statements, readings and properties that it offends, by their IDs.
        part: the class that takes the place of ours; None where the bug is of the surroundings.
        place: the component that has it (:data:`..build.PLACES`), or what of the surroundings.
        shows: changes of the environment without which nothing of it can be seen.
        surroundings: done to a lab that is otherwise ours.
    """

    name: str
    wrong: str
    offends: tuple[str, ...]
    place: str
    part: type[Any] | None = None
    shows: Mapping[str, str] = field(default_factory=dict)
    surroundings: Callable[[Lab], None] | None = None

    @property
    def parts(self) -> Parts | None:
        """The classes that take places of ours; None where the bug is of the surroundings."""
        return {self.place: self.part} if self.part else None

    def lab(self, folder: Path, environment: Mapping[str, str], seed: int = 0) -> Lab:
        """A lab with the bug in it."""
        lab = Lab(folder, environment, self.parts, seed)
        if self.surroundings is not None:
            self.surroundings(lab)
        return lab


def bug(place: str, part: type[Any], offends: str, shows: Mapping[str, str] | None = None, name: str = "") -> Bug:
    """A bug of a component: its name is the place and the class's, and what is wrong is what the class says of itself.

    Args:
        offends: IDs, with blanks between them.
    """
    words = "".join(f"-{each.lower()}" if each.isupper() else each for each in part.__name__)
    said = " ".join((part.__doc__ or "").split())
    return Bug(name or f"{place.replace('_', '-')}{words}", said, tuple(offends.split()), place, part, shows or {})
