"""Where output goes: standard output or a file, wide or narrow, with colours or without, in UTF-8 or in ASCII.

Results go to standard output or the file that is named; progress and errors go to standard error, always.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ccmproof.model.kernel.errors import ModelError

if TYPE_CHECKING:
    from .engines import Progress

SIGNS = "·→×✓✗○–…"
"""What a page of text needs beside ASCII."""
FILE_WIDTH = 80


def wants_colour(stream: TextIO) -> bool:
    """Colours on a terminal only, and not where NO_COLOR (no-color.org) or a dumb terminal asks for none."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def speaks_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has the signs of a page."""
    try:
        SIGNS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def width() -> int:
    """Columns: of the terminal, or what COLUMNS says, or 80; never so few that nothing fits."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def write_page(draw: Callable[[int, bool, bool], str], output: Path | None) -> None:
    """Draw a page, given its width, colour and ASCII, and put it out."""
    if output is not None:
        write_file(output, draw(FILE_WIDTH, False, False))
        return
    stream = _standard_output()
    text = draw(width(), wants_colour(stream), not speaks_unicode(stream))
    if os.name == "nt" and wants_colour(stream):
        from rich.console import Console  # it knows what an old Windows console can do
        from rich.text import Text

        Console(file=stream, highlight=False).print(Text.from_ansi(text), end="", soft_wrap=True)
        return
    _write(text.encode(stream.encoding or "utf-8", "replace"))


def write_data(text: str | bytes, output: Path | None) -> None:
    """Put out what a program reads: a text in UTF-8, whatever the console's encoding is, or bytes as they are."""
    if output is not None:
        write_file(output, text)
    else:
        _write(_encoded(text))


def _standard_output() -> TextIO:
    """Raises ModelError where the process was started with standard output closed."""
    stream: TextIO | None = sys.stdout
    if stream is None:
        raise ModelError("cannot write to standard output: it is closed")
    return stream


def _write(data: bytes) -> None:
    """Raises ModelError where the disk is full, say. A reader that went away is left to :func:`.cli.main`."""
    stream = _standard_output()
    try:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:  # a stream that somebody put in place of standard output
            stream.write(data.decode("utf-8", "replace"))
            return
        if os.name == "nt" and stream.isatty():
            data = data.replace(b"\n", b"\r\n")
        binary.write(data)
        binary.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(stream)
        raise ModelError(f"cannot write to standard output: {error.strerror or error}") from error


def abandon(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, so that Python does not stumble over it at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def check_writable(output: Path | None) -> None:
    """Refuse a file that cannot be written before any work is done.

    Raises:
        ModelError: its folder is not there, or it is a folder, or its name is too long.
    """
    if output is None:
        return
    try:
        if output.is_dir():
            raise ModelError(f"cannot write {output}: it is a folder")
        if not output.parent.is_dir():
            raise ModelError(f"cannot write {output}: there is no folder {output.parent}")
    except OSError as error:
        raise ModelError(f"cannot write {output}: {error.strerror or error}") from error


def check_folder(folder: Path | None) -> None:
    """Refuse a folder for runs that cannot be one before any work is done.

    Raises:
        ModelError: something else is there, or its name is too long.
    """
    if folder is None:
        return
    try:
        if folder.exists() and not folder.is_dir():
            raise ModelError(f"cannot keep runs in {folder}: it is no folder")
    except OSError as error:
        raise ModelError(f"cannot keep runs in {folder}: {error.strerror or error}") from error


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


def write_file(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all: a temporary file beside it takes its place. Text: UTF-8, lines end in LF.

    Raises:
        ModelError: it cannot be written.
    """
    data = _encoded(text)
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, not replaced
            path.write_bytes(data)
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with beside.open("xb") as file:
                file.write(data)
            beside.replace(path)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror or error}") from error


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Progress | None]:
    """Show on standard error how a long exploration goes, as :func:`saying` does."""
    with saying(what, quiet=quiet) as say:
        yield None if say is None else explored(say)


def explored(say: Callable[[str], None]) -> Progress:
    """What a search calls now and then, so that its nodes and seconds are said."""
    return lambda nodes, seconds, doing: say(f"{doing}, {nodes:,} nodes, {seconds:.1f} s")


@contextmanager
def saying(what: str, *, quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A line on standard error that says how a long work goes; none where that is no terminal, or with ``quiet``."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False)
    spinner = "dots" if speaks_unicode(sys.stderr) else "line"
    with console.status(what, spinner=spinner) as status:
        yield lambda doing: status.update(f"{what}: {doing}")


def complain(message: str) -> None:
    """One line on standard error for each line of the message; nowhere, where that is closed or full."""
    if sys.stderr is None:
        return
    for line in message.splitlines() or [""]:
        text = f"ccmproof: {line}"
        if not speaks_unicode(sys.stderr):
            from .render.words import ascii_only

            text = ascii_only(text)
        try:
            print(text, file=sys.stderr)
        except OSError:
            abandon(sys.stderr)
