"""A component is asked something that is no message: it is made, started, looked at. What it raises then is told as its
own, by the name of what it was asked and the place in its code.

A message is another matter: what comes of one is judged. A client that is told to do something (`run`) may come to
nothing, and what it raises there is a deviation.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from traceback import walk_tb
from types import CodeType

import ccmproof.harness as ours

_ELSEWHERE = tuple(sysconfig.get_path(each) for each in ("stdlib", "purelib", "platlib"))
_OURS = str(Path(str(ours.__file__)).parent)


class Fails(Exception):
    """A component raises where it has to answer; it says which, at what, what it raises and where."""


@contextmanager
def asking(place: str, what: str) -> Iterator[None]:
    """Whatever is raised meanwhile is the failure of a component.

    Args:
        place: the component's (:data:`.build.PLACES`).
        what: it is asked: ``observe()``.

    Raises:
        Fails: it does not answer. An exception that ends the interpreter is one like any other.
    """
    try:
        yield
    except Fails:
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if pressed(error):
            raise
        raise Fails(f"the {place.replace('_', ' ')}'s {what} raises {raised(error)}") from error


def pressed(error: BaseException) -> bool:
    """Whether it is Ctrl-C, which comes to the main thread alone: elsewhere somebody has raised what looks like it."""
    return isinstance(error, KeyboardInterrupt) and current_thread() is main_thread()


def raised(error: BaseException) -> str:
    """What was raised, in one line, with the place in somebody's code."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}{f': {said}' if said else ''}{origin(error)}"


def origin(error: BaseException) -> str:
    """Where it was raised: the innermost place that is neither ours nor a library's, if there is one."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__) if theirs(frame.f_code)]
    return f", in {place(*frames[-1])}" if frames else ""


def theirs(code: CodeType) -> bool:
    """Whether code is neither ours nor a library's."""
    return not code.co_filename.startswith((_OURS, "<frozen", *_ELSEWHERE))


def place(code: CodeType, line: int | None) -> str:
    """A place in somebody's code, in words."""
    return f"{Path(code.co_filename).name}, line {line}, {code.co_name}()"
