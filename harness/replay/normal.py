"""What is made of a message before it is compared: the same message reads alike however it was copied and pasted.

Blanks and line breaks in a row are one blank; typographic quotes and blanks are plain ones; entities of HTML and
backslashes of Markdown are undone; marks around what somebody wanted to show are taken away. Letters keep their case,
for what is captured; comparing does not mind it.
"""

from __future__ import annotations

import html
import re
import string

PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u00b4\u2032`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", ""),
    "\u00a0": " ",
    "\u2026": "...",
}
"""Typographic characters, and what stands for them on a keyboard."""

_PLAIN = str.maketrans(PLAIN)
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_ESCAPED = re.compile(r"\\([_*\[\]<>#~|])")
"""A backslash that Markdown wants before a sign. In a message with a path of Windows backslashes are left alone."""
_MARKS = re.compile(r"^(?:[*>~`•·]|[-+#] )+\s*")
_STARS = re.compile(r"\*\*+|(?<![\w*])__(?=\w)")
LONGEST = 16_384
"""Of a message longer than this only the beginning is compared."""


def normal(text: str) -> str:
    """The message as it is compared."""
    text = text[:LONGEST]
    if not text.isascii():
        text = text.translate(_PLAIN)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "`" in text:
        text = text.strip("` ").replace("`", "'")
    if "\\" in text and ":\\" not in text:
        text = _ESCAPED.sub(r"\1", text)
    if "*" in text or "__" in text:
        text = _STARS.sub("", text)
    text = " ".join(text.split())
    return _MARKS.sub("", text, count=1) if text[:1] in "*>~•·-+#'" else text


def lower(text: str) -> str:
    """The text in small letters, as long as it was: what is found in it is found there in the original."""
    return text.lower() if text.isascii() else text.translate(_LOWER)
