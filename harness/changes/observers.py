"""A machine of a change file that watches, for the properties that the change brings."""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, observer, recv

from .forms import DOC, ROW, Given, Key, Kind, guard

WATCHES = tuple(key for key in ROW if key.name in ("event", "from", "to", "when"))
OBSERVER = (
    Key("name", Kind.NAME, "its name", required=True),
    Key("states", Kind.NAMES, "its states, the first one initial", required=True),
    Key("rows", Kind.ROWS, "what moves it: event, from, to, when", required=True, of=WATCHES),
    DOC,
)


def observer_of(given: Given) -> ActorDef:
    """The machine: it sees every host, decides nothing, and never keeps an event from happening."""
    rows = [
        recv(row["event"], row.get("from", "*"), row.get("to", "="), guard(row.get("when"))) for row in given["rows"]
    ]
    return observer(given["name"], states=given["states"], rows=rows, doc=given.get("doc", ""))
