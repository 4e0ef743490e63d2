"""Effects as text: ``set reply.status to 401``, ``copy kind, life of cache.system to request when …``, ``clear reply``.

::

    effect ::= ("set" target "to" value ("or" value)* | "copy" [fields "of"] record "to" record
                | "clear" [fields "of"] target) ["when" condition]

Several values: any of them. ``parse(str(effect))`` gives the effect again.
"""

from __future__ import annotations

import re
from typing import Final

from .actor import Effect
from .errors import ConditionError, ModelError
from .text import WORD, unquoted

_NAME: Final = WORD.pattern
_QUOTED: Final = r'"(?:[^"\\\n]|\\.)*"'
_VALUE: Final = rf"(?:{_NAME}|{_QUOTED})"
_ONLY: Final = rf"(?:(?P<only>{_NAME}(?:\s*,\s*{_NAME})*)\s+of\s+)?"
_FORMS: Final = {
    "set": (
        re.compile(rf"set\s+(?P<target>{_NAME})\s+to\s+(?P<values>{_VALUE}(?:\s+or\s+{_VALUE})*)"),
        "set FIELD to VALUE, or to VALUE or VALUE",
    ),
    "copy": (
        re.compile(rf"copy\s+{_ONLY}(?P<source>{_NAME})\s+to\s+(?P<target>{_NAME})"),
        "copy RECORD to RECORD, or copy FIELD, FIELD of RECORD to RECORD",
    ),
    "clear": (re.compile(rf"clear\s+{_ONLY}(?P<target>{_NAME})"), "clear RECORD, or clear FIELD, FIELD of RECORD"),
}
_WHEN = re.compile(r"\s+when\s+(?=\S)")


def parse(text: str) -> Effect:
    """The effect that a text says; names and the condition are looked up when the model is expanded.

    Raises:
        ConditionError: the text is none; it says where, and what was expected.
    """
    start = len(text) - len(text.lstrip())
    verb = text.split(maxsplit=1)[0] if text.strip() else ""
    if verb not in _FORMS:
        raise _error(text, start, f"expected an effect that begins with {', '.join(_FORMS)}")
    form, shape = _FORMS[verb]
    found = form.match(text, start)
    if found is None:
        raise _error(text, start, f"expected {shape}")
    end, when = found.end(), ""
    if follows := _WHEN.match(text, end):
        when, end = text[follows.end() :].rstrip(), len(text)
    if text[end:].strip():
        raise _error(text, end, f"expected 'when' or the end after {text[start:end]!r}")
    given = found.groupdict()
    only = tuple(re.split(r"\s*,\s*", given.get("only") or "")) if given.get("only") else ()
    values = re.findall(_VALUE, given.get("values") or "")[::2]  # what stands between two of them is "or"
    named = tuple(unquoted(each) if each.startswith('"') else each for each in values)
    return Effect(given["target"], named, given.get("source"), only, when)


def _error(text: str, offset: int, what: str) -> ModelError:
    before = text[:offset]
    return ConditionError(what, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1, text=text)
