"""Lines of files: sources, encodings, forms, times, hosts, order.

:func:`read` makes lines of whatever is given to it; :func:`timeline` puts lines of several hosts on one line of time,
and says of any two whether one may have been written before the other.
"""

from .bundles import Bundle, bundles
from .limits import LIMITS, Limits, Note
from .reading import Reading, of_text, read

__all__ = ["LIMITS", "Bundle", "Limits", "Note", "Reading", "bundles", "of_text", "read"]
