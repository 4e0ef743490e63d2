"""The changes that are shipped, by name: data beside the model. A change may be named so wherever a file may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError, nearest

from .change import Change, changed_by
from .located import read

ENDING = ".toml"


def folder() -> Path:
    """Where they lie."""
    import ccmproof.model as model

    return Path(str(model.__file__)).with_name("changes")


def shipped() -> dict[str, Path]:
    """The files by their names, in the order of the names."""
    return {path.stem: path for path in sorted(folder().glob(f"*{ENDING}"))}


def path_of(text: str) -> Path:
    """The file that a user means: a path, or the name of a shipped change.

    A bare name is a shipped change before it is a file of the folder one is in.

    Raises:
        ModelError: there is no such file or change; the nearest name is given.
    """
    there = shipped()
    if text in there:
        return there[text]
    path = Path(text)
    try:
        if path.is_file():
            return path
        if text == "" or path.exists():
            raise ModelError(f"{text!r}: it is no file")
        path.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ModelError(f"cannot read {text[:80]!r}: {error.strerror or error}") from error
    else:
        raise ModelError(f"cannot read {text!r}: it is a link that leads nowhere")
    known = [*there, *(each.name for each in _beside(path))]
    near = nearest(path.name if path.parent.is_dir() else text, known) or nearest(path.stem, known)
    what = "there is no file" if path.suffix or len(path.parts) > 1 else "there is no change"
    raise ModelError(f"{what} {text!r}{near}; `ccmproof change list` names those that are shipped")


def named(text: str) -> Change:
    """The change of :func:`path_of`. A shipped one is said to be where it lies in the repository, on every machine.

    Raises:
        ModelError: there is none, or it cannot be read or used.
    """
    path = path_of(text)
    document = read(path)
    if path.parent == folder():
        document = replace(document, file=f"model/changes/{path.name}")
    return changed_by(document, path.stem)


def text_of(text: str) -> str:
    """What the file of :func:`path_of` says, once it is known to be a change.

    Raises:
        ModelError: as :func:`named`.
    """
    named(text)
    return path_of(text).read_text(encoding="utf-8-sig")


def _beside(path: Path) -> list[Path]:
    """The files of changes in the folder that a path is in."""
    try:
        return sorted(path.parent.glob(f"*{ENDING}"))
    except OSError:
        return []
