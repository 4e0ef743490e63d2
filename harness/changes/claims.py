"""What a change file may say of claims: properties of its own, machines that watch for them, what is given up."""

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
PROPERTY = (
    Key("id", Kind.NAME, "its ID, unlike those of the suite", required=True),
    Key("claim", Kind.TEXT, "what it says, in a line", required=True),
    Key("cites", Kind.TEXT, "the statements that it rests on"),
    Key("on", Kind.NAMES, "the events that it is about; none: it is about states"),
    Key("when", Kind.CONDITION, "where it speaks"),
    Key(
        "then",
        Kind.CONDITION,
        "what must hold there; by default nothing may: it never happens. Of what is possible:"
        " what can be there, by default anything",
    ),
    Key("attempt", Kind.CONDITION, "where what it speaks of is attempted; it is vacuous where that never is"),
    Key("possible", Kind.FLAG, "it asks whether `then` can be, or `on` can happen there"),
    Key("promise", Kind.NAME, "what must happen: eventually, recoverable, or never stuck"),
    Key("unless", Kind.CONDITION, "of a promise: where it is no longer owed"),
    Key("without", Kind.NAMES, "of a promise: events that it does not count on"),
    Key("observers", Kind.NAMES, "the machines of this file that watch for it"),
    Key("decided_by", Kind.CONDITION, "the condition on unknowns under which it is expected to hold"),
    Key("expected", Kind.NAME, "the verdict that is expected: holds or fails"),
    Key("scenarios", Kind.NAMES, "where it is asked; by default everywhere"),
)
GIVES_UP = (
    Key("property", Kind.NAME, "its ID", required=True),
    Key("verdict", Kind.NAME, "the verdict that it then has: fails or vacuous", required=True),
    Key("reason", Kind.TEXT, "why that is worth it", required=True),
)


def observer_of(given: Given) -> ActorDef:
    """The machine: it sees every host, decides nothing, and never keeps an event from happening."""
    rows = [
        recv(row["event"], row.get("from", "*"), row.get("to", "="), guard(row.get("when"))) for row in given["rows"]
    ]
    return observer(given["name"], states=given["states"], rows=rows, doc=given.get("doc", ""))
