"""Whether a secret token lies in a file so that whoever reads the file has it: as it is, or only written otherwise.

A token's last part, its signature, is what makes it worth something, and is nowhere else: it is looked for, so that a
token that is kept in pieces is found too. It may be written as bytes or as text, the text in one byte a sign or in two
(UTF-16, as Windows has it), and either again in base64, of both alphabets, or in hexadecimal digits, as part of
something larger or alone, on one line or on several. What is encrypted, or compressed, is not found.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

_OTHER_ALPHABET = bytes.maketrans(b"-_", b"+/")


def in_clear(tokens: Iterable[str], folder: Path) -> bool:
    """Whether one of these tokens lies in clear in a file of the folder."""
    wanted = [_written(each.rpartition(".")[2]) for each in tokens]
    files = (path.read_bytes() for path in _files(folder)) if wanted else ()
    return any(_is_in(content, *each) for content in files for each in wanted)


def has_files(folder: Path) -> bool:
    """Whether there is a file in the folder, or below."""
    return any(True for _ in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _is_in(content: bytes, itself: bytes, texts: tuple[bytes, ...], digits: tuple[bytes, ...]) -> bool:
    joined = content.translate(_OTHER_ALPHABET, b"\r\n")
    if itself in content or any(each in joined for each in texts):
        return True
    lower = joined.lower()
    return any(each in lower for each in digits)


@lru_cache(maxsize=64)
def _written(signature: str) -> tuple[bytes, tuple[bytes, ...], tuple[bytes, ...]]:
    """A signature itself; how it may be written as a text, in the alphabet of `+` and `/` and on one line; and in
    hexadecimal digits."""
    forms = [signature.encode("ascii"), signature.encode("utf-16-le"), _bytes_of(signature)]
    texts = [*forms[:2], *(each for form in forms for each in _in_base64(form))]
    return (
        forms[2],
        tuple(dict.fromkeys(each.translate(_OTHER_ALPHABET) for each in texts)),
        tuple(form.hex().encode() for form in forms),
    )


def _bytes_of(signature: str) -> bytes:
    return base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))


def _in_base64(data: bytes) -> Iterator[bytes]:
    """Data in base64 as part of something larger: it may begin at each of three places, and what is written of its ends
    depends on what stands beside them."""
    for before in range(3):
        yield base64.b64encode(bytes(before) + data)[-(-before * 8 // 6) : -4]
