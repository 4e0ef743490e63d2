"""Which parts of the shipped model a change of its files touches, so that edits of the others need not be looked at.

A file of the workflow that says what certain actors, predicates and events are is about these; a part that none says by
its whole name, because it is made in a loop say, is what all of those are about that mention it. Any other file, of the
kernel, of the scenarios, of the properties, is about everything. A part that is found in no file counts as touched.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError

DEFINES = (
    "actor", "observer", "unknown", "parameter", "data", "record", "channel", "clone", "family", "field",
    "Predicate", "EventDef",
)  # fmt: skip
"""What a part of a model is written with; its name comes first."""
EDITS = r"(Add|Clone|Drop|Extend|Negate|Replace|Set)[A-Z]\w+"
"""What an extension edits a part with that others may have written; its name comes first."""
WIDE = (
    "__init__", "scenarios", "timing", "extension", "extensions", "second_client", "fairness", "hosts", "goals",
    "later", "passing", "void", "ageing", "outage",
)  # fmt: skip
"""Files of the workflow that are about all of it, or about rows of actors that other files define."""
SILENT = (".md", ".json", ".toml", ".typed")
"""Files that say nothing of what is explored: an order makes it quicker, a change file is about another design."""


def touched(revision: str, parts: Iterable[str], root: Path | None = None) -> frozenset[str] | None:
    """Those of the parts that files are about which changed since a git revision; ``None``: everything is.

    Args:
        root: of the checkout; the one that this package is in by default.

    Raises:
        ModelError: there is no git, no checkout, or no such revision.
    """
    root = root or _root()
    changed = changed_since(revision, root)
    if not changed:
        return frozenset()
    if any(_is_wide(path) for path in changed):
        return None
    folder = root / "model" / "workflow"
    files = [File.of(path) for path in sorted(folder.glob("*.py"))]
    names = {path.name for path in changed}
    return frozenset(part for part in parts if any(of is None or of.name in names for of in about(part, files)))


@dataclass(frozen=True)
class File:
    """What a file of the workflow speaks of.

    Attributes:
        says: the names of the parts that it says; ``edits``: of those that it edits.
        mentions: the words of its texts, with ``*`` for what is filled in.
    """

    name: str
    says: frozenset[str]
    edits: frozenset[str]
    mentions: frozenset[str]

    @classmethod
    def of(cls, path: Path) -> File:
        """Read it.

        Raises:
            ModelError: it is no Python.
        """
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise ModelError(f"--since: cannot read {path}: {error}") from error
        return cls(path.name, _named(tree, "|".join(DEFINES)), _named(tree, EDITS), _mentioned(tree))


def about(part: str, files: Iterable[File]) -> list[File | None]:
    """The files that are about a part of the model; ``None`` where there is no such file."""
    files = list(files)
    found = [each for each in files if _among(part, each.says)]
    found = found or [each for each in files if _among(part, each.mentions)]
    return [*found, *(each for each in files if _among(part, each.edits))] or [None]


def changed_since(revision: str, root: Path) -> list[Path]:
    """The files of the model and the suite that differ from the revision, new ones included; paths within the root."""
    if revision.startswith("-"):
        raise ModelError(f"--since {revision}: that is no revision")
    tracked = _git(root, "diff", "--name-only", "--no-renames", revision, "--", "model", "properties")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "--", "model", "properties")
    paths = [Path(line) for line in (*tracked, *new)]
    return [path for path in paths if path.suffix not in SILENT]


def _named(tree: ast.Module, called: str) -> frozenset[str]:
    """The texts that come first where something is called whose name fits."""
    return frozenset(
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and re.fullmatch(called, node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def _mentioned(tree: ast.Module) -> frozenset[str]:
    texts = [
        "".join(_text(piece) for piece in (node.values if isinstance(node, ast.JoinedStr) else [node]))
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Constant)
    ]
    return frozenset(word for text in texts for word in text.split() if re.search("[a-z]", word))


def _text(piece: ast.expr) -> str:
    """A piece of a text as a pattern; what is filled in, and what a pattern would read as more than itself, is any."""
    if not isinstance(piece, ast.Constant):
        return "*"
    return piece.value.replace("[", "*") if isinstance(piece.value, str) else ""


def _among(part: str, names: Collection[str]) -> bool:
    """The part is there by its name, or by that of its record; names may be patterns."""
    return any(fnmatchcase(part, name) or fnmatchcase(part, f"{name}.*") for name in names)


def _is_wide(path: Path) -> bool:
    return path.parent.as_posix() != "model/workflow" or path.stem in WIDE


def _root() -> Path:
    from ccmproof import model

    return Path(str(model.__file__)).resolve().parent.parent


def _git(root: Path, *arguments: str) -> list[str]:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "-c", "core.quotepath=off", *arguments],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    except OSError as error:
        raise ModelError(f"--since needs git: {error.strerror or error}") from error
    if done.returncode:
        said = (done.stderr.strip() or "it failed").splitlines()[0]
        raise ModelError(f"--since: git says: {said}")
    return [line for line in done.stdout.splitlines() if line]
