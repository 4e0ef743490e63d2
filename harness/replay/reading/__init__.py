"""Lines of files: sources, encodings, forms, times, hosts, order.

:func:`read` makes lines of whatever is given to it, :func:`follow` of logs that grow; :func:`bundles` lists the devices
of a folder. :func:`timeline` puts lines of several hosts on one line of time, and says of any two whether one may have
been written before the other. :class:`Redactor` masks what is somebody's.
"""

from .bundles import Bundle, bundles
from .clocks import SKEW, Mark
from .follow import follow
from .limits import LIMITS, Limits, Note
from .reading import Reading, of_text, read
from .redact import Redactor
from .timeline import Entry, Timeline, timeline

__all__ = [
    "LIMITS",
    "SKEW",
    "Bundle",
    "Entry",
    "Limits",
    "Mark",
    "Note",
    "Reading",
    "Redactor",
    "Timeline",
    "bundles",
    "follow",
    "of_text",
    "read",
    "timeline",
]
