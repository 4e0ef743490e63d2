"""The release of Mermaid that draws for the tests, pinned here and nowhere else, and where it is kept.

It comes as a package of npm, of which nothing is run but the one bundle, and that in the browser. ``CCMPROOF_MERMAID``
names a bundle to take in its place, or the folder to keep it in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

VERSION = "12.3.0"
DIGEST = "336df803d87a38b70a01e736e666c8f7601d2ce42f5e47c8fafe5d721074b9a3"
"""Of the bundle, in SHA-256."""
_MEMBER = "package/dist/mermaid.min.js"


class NotThere(Exception):
    """There is no Mermaid here, and none can be had; the text says why."""


def bundle() -> Path:
    """The bundle: as it is kept, or fetched and kept.

    Raises:
        NotThere: it is not kept here, and npm is not there or cannot fetch it; or it is not the release that is pinned.
    """
    named = os.environ.get("CCMPROOF_MERMAID", "")
    if named and Path(named).is_file():
        return Path(named)
    folder = Path(named) if named else user_cache_path("ccmproof", appauthor=False) / "mermaid"
    kept = folder / f"mermaid-{VERSION}.min.js"
    if not kept.is_file() or _digest(kept.read_bytes()) != DIGEST:
        _keep(_fetched(), kept)
    return kept


def _fetched() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise NotThere(f"mermaid {VERSION} is not kept here, and there is no npm to fetch it")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", "--ignore-scripts", f"mermaid@{VERSION}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise NotThere(f"npm could not fetch mermaid {VERSION}: {done.stderr.strip()[-300:]}")
        with tarfile.open(packed) as archive:
            member = archive.extractfile(_MEMBER)
            assert member is not None
            found = member.read()
    if _digest(found) != DIGEST:
        raise NotThere(f"what npm fetched is not the mermaid {VERSION} that is pinned: its digest is {_digest(found)}")
    return found


def _keep(found: bytes, path: Path) -> None:
    """Write it whole or not at all: several processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(found)
    Path(name).replace(path)


def _digest(of: bytes) -> str:
    return sha256(of).hexdigest()
