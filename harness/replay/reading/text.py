"""What is done to the text of a message, whatever form it came in: nothing in it may harm whoever looks at it."""

from __future__ import annotations

import re
from typing import Final

_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PICTURES: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "␡",
    **dict.fromkeys([*range(0x80, 0xA0), 0x2028, 0x2029, 0x200E, 0x200F], "�"),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "�"),
    0xFEFF: "",
}
_QUOTES = re.compile(r"(?<!\w)'|'(?!\w)")
_BREAKS = re.compile(r"[ \t]?~~[ \t]?")


def harmless(text: str) -> str:
    """The text with pictures in place of control characters, and without marks that turn the direction of writing."""
    if text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_PICTURES) if _HARMFUL.search(text) else text


def harmless_name(name: str) -> str:
    """The name of a file, on one line, the same way; what of it is no text is replaced."""
    plain = harmless(name.encode("utf-8", "replace").decode("utf-8"))
    return plain.translate({ord("\n"): "␊", ord("\t"): "␉"})


def broken(text: str) -> str:
    """The text of a server's message, whose line breaks are written ``~~``, or ``~`` at the end."""
    if "~" not in text:
        return text
    return _BREAKS.sub("\n", text).rstrip("~ \t\n")


def quotes_open(text: str) -> bool:
    """Whether a quotation begins in the text and does not end there: the message goes on in the next line."""
    return len(_QUOTES.findall(text)) % 2 == 1
