"""What an extension is: actors that only some scenarios have, and the edits by which the core takes notice of them.

The core is left as it is: in a scenario that names no extension there is not one state more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ccmproof.model.kernel.definition import Item, Model
from ccmproof.model.kernel.edit import Edit, apply

from .timing import Scale


@dataclass(frozen=True)
class Extension:
    """A part of the model that a scenario may add.

    Attributes:
        name: as a scenario names it.
        doc: what it adds, in one line.
        parts: its actors, predicates and assumptions, for a scale of time.
        edits: what changes in the rows and predicates that are there already.
        strikes: those of its events that no fairness ever owes, and why; all others are owed (:mod:`.fairness`).
        moments: those of its actors that may be in a good or a bad state at the moment of a step, and their good state.
    """

    name: str
    doc: str
    parts: Callable[[Scale], Item]
    edits: tuple[Edit, ...] = ()
    strikes: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, str] = field(default_factory=dict)

    def on(self, model: Model, scale: Scale) -> Model:
        """The model with the extension.

        Raises:
            ModelError: an edit finds nothing in this model that it could change.
        """
        return apply(model.extended(self.parts(scale)), *self.edits)
