"""The formats in which a diagram is written, and which of them a file's name asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from ccmproof.model.kernel.errors import ModelError, nearest

from .dot import dot_of_graph
from .dot_sequence import dot_of_sequence
from .form import Diagram, Graph
from .image import check, picture
from .limits import fitted_graph, fitted_sequence
from .mermaid import mermaid_of_graph, mermaid_of_sequence

DRAWN: Final = ("mermaid", "dot", "svg", "png")
ONLY: Final[Mapping[str, tuple[str, str]]] = {
    "scxml": ("actor", "scxml is for one actor: `ccmproof diagram actor NAME --format scxml`"),
    "graphml": ("product", "graphml is for the product: `ccmproof diagram product --format graphml`"),
}
"""Formats that other programs read, each for one kind of diagram only, and what is said of it for any other."""
FORMATS: Final = (*DRAWN, *ONLY)
DEFAULT: Final = "mermaid"
_ENDINGS: Final = {
    ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg", ".png": "png",
    ".scxml": "scxml", ".graphml": "graphml",
}  # fmt: skip


def format_of(name: str, file: PurePath | None) -> str:
    """The format of that name; for an empty one what the file's ending says, and without a file the default.

    Raises:
        ModelError: there is no such format, or the ending says none; the nearest is given.
    """
    if name:
        said = None if file is None else _ENDINGS.get(file.suffix.lower())
        if name in FORMATS and said not in (None, name):
            raise ModelError(f"--format {name}: {file} ends like a file of the format {said}")
        if name not in FORMATS:
            raise ModelError(f"there is no format {name!r}{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}")
        return name
    if file is None:
        return DEFAULT
    found = _ENDINGS.get(file.suffix.lower())
    if found is None:
        near = nearest(file.suffix.lower(), _ENDINGS)
        raise ModelError(f"{file}: its ending says no format{near}; there are {' '.join(_ENDINGS)}, or give --format")
    return found


def format_by_ending(file: PurePath) -> str:
    """The format in which a drawing is written that is told by its file's ending alone.

    Raises:
        ModelError: the ending says none that draws; the nearest is given.
    """
    drawn = {ending: form for ending, form in _ENDINGS.items() if form in DRAWN}
    ending = file.suffix.lower()
    if ending not in drawn:
        said = f"its ending {ending} says no format" if ending else "it has no ending, which would say the format"
        raise ModelError(f"{file}: {said}{nearest(ending, drawn)}; there are {' '.join(drawn)}")
    return drawn[ending]


def check_format(form: str, kind: str = "") -> None:
    """Refuse a format that cannot be written here, before any work is done.

    Args:
        kind: of diagram: ``actor``, ``product`` or any other.

    Raises:
        ModelError: it does not fit this kind, or needs what is not installed.
    """
    fits, said = ONLY.get(form, (kind, ""))
    if fits != kind:
        raise ModelError(said)
    if form in ("svg", "png"):
        check(form)


def written(diagram: Diagram, form: str) -> bytes:
    """The diagram in a format that draws: a picture, or text in UTF-8.

    Raises:
        ModelError: as :func:`.image.picture`.
    """
    if form == "mermaid":
        return _mermaid(diagram).encode("utf-8")
    dot = dot_of_graph(diagram) if isinstance(diagram, Graph) else dot_of_sequence(diagram)
    return dot.encode("utf-8") if form == "dot" else picture(dot, form)


def _mermaid(diagram: Diagram) -> str:
    if isinstance(diagram, Graph):
        return fitted_graph(diagram, mermaid_of_graph)
    return fitted_sequence(diagram, mermaid_of_sequence)
