"""Components of somebody else's, written as files, each with one method that does something else than it should."""

from __future__ import annotations

from pathlib import Path

from ccmproof.harness.cli import app, system
from ccmproof.harness.lab.conformance.cases import SHIPPED, read, write
from typer.testing import CliRunner, Result

HEAD = """
import asyncio, os, re, sys, threading
from ccmproof.harness.lab.connection_point import ConnectionPoint
from ccmproof.harness.lab.example.client import ExampleClient
from ccmproof.harness.lab.gateway import Gateway
"""
NAMES = {"Gateway": "gateway", "ExampleClient": "client", "ConnectionPoint": "connection_point"}


def adapter(folder: Path, of: str, method: str, body: str, more: str = "") -> Path:
    """A file with one component, of whose methods one does something else."""
    path = folder / "theirs.py"
    given = f'def parts():\n    return {{"{NAMES[of]}": Theirs}}\n'
    path.write_text(f"{HEAD}\n{more}\nclass Theirs({of}):\n    {method}\n        {body}\n{given}", encoding="utf-8")
    return path


def lab_test(path: Path, *words: str) -> Result:
    """What `ccmproof lab test` says of it, by cases alone."""
    words = ("lab", "test", *words, "--adapter", str(path), "--no-schedules", "--labs", "0", "-q")
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, words, obj=system)


def short_cases(folder: Path) -> Path:
    """Three of the shipped cases, in which all is as usual at first, as a file."""
    path = folder / "short.json"
    write(read(SHIPPED)[:3], path)
    return path
