"""Which parts of the shipped model a change of its files touches, so that edits of the others need not be looked at.

A file of the workflow that says what certain actors, predicates and events are is about these. Any other file, of the
kernel, of the scenarios, of the properties, is about everything. A part that is found in no file counts as touched.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError

DEFINES = (
    "actor", "observer", "unknown", "parameter", "data", "record", "channel", "clone", "family", "field",
    "Predicate", "EventDef",
)  # fmt: skip
"""What a part of a model is written with; its name comes first."""
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
    if any(_is_wide(path) for path in changed):
        return None
    folder = root / "model" / "workflow"
    named = {path.name: defined(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))}
    somewhere = {name for names in named.values() for name in names}
    there = {name for path in changed for name in named.get(path.name, frozenset())}
    return frozenset(
        part for part in parts if _among(part, there) or not _among(part, somewhere)
    ) if changed else frozenset()  # fmt: skip


def changed_since(revision: str, root: Path) -> list[Path]:
    """The files of the model and the suite that differ from the revision, new ones included; paths within the root."""
    if revision.startswith("-"):
        raise ModelError(f"--since {revision}: that is no revision")
    tracked = _git(root, "diff", "--name-only", "--no-renames", revision, "--", "model", "properties")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "--", "model", "properties")
    paths = [Path(line) for line in (*tracked, *new)]
    return [path for path in paths if path.suffix not in SILENT]


def defined(source: str) -> frozenset[str]:
    """The names of the parts that a file says."""
    return frozenset(
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in DEFINES
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def _among(part: str, names: Collection[str]) -> bool:
    """The part is there by its name, or by that of its record."""
    return part in names or any(part.startswith(f"{name}.") for name in names)


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
