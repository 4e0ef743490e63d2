"""Which host wrote a line: the client, or one of the site's."""

from __future__ import annotations

from ..components import component
from ..line import Where
from ..pattern import Seen
from ..reading.naming import where


def of_client(seen: Seen) -> bool:
    """Whether a component of the client may have written it."""
    if component(seen.line.log) is None:
        return not seen.pattern.logs or any(map(on_client, seen.pattern.logs))
    return on_client(seen.line.log)


def on_client(log: str) -> bool:
    """Whether a component may be the client's: it is, or its host is not known."""
    return where(log) in (Where.CLIENT, Where.UNKNOWN)
