"""Numbers, shares and signs as people read them, and how signs are said where a console has ASCII only."""

from __future__ import annotations

from fractions import Fraction

from ccmproof.properties.property import Verdict

SIGNS = {
    Verdict.HOLDS: "✓",
    Verdict.FAILS: "✗",
    Verdict.UNDETERMINED: "?",
    Verdict.VACUOUS: "○",
}
"""Beside the word and the colour, so that neither is needed to tell verdicts apart."""

ASCII = str.maketrans(
    {
        "·": "*", "→": "->", "×": "x", "✓": "+", "✗": "x", "○": "o", "–": "-", "—": "-", "…": "...", "⇒": "=>",
        "‘": "'", "’": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">=", "≠": "!=", "∧": "and", "∨": "or", "¬": "not ",
        "█": "#", "▒": ".",
    }
)  # fmt: skip


def ascii_only(text: str) -> str:
    """The text in ASCII: signs that have a customary spelling take it, anything else becomes a question mark."""
    return text.translate(ASCII).encode("ascii", "replace").decode("ascii")


def number(value: int) -> str:
    """``12,345`` in full below a million, ``6.9·10^11`` from there on; the latter is cut, never rounded up."""
    if value < 1_000_000:
        return f"{value:,}"
    exponent = len(str(value)) - 1
    return f"{str(value)[0]}.{str(value)[1]}·10^{exponent}"


def share(count: int, total: int) -> str:
    """``4.6 %``, ``0.017 %``, ``all``, ``none``: two digits that count, never 100 % or 0 % where it is not quite."""
    if count == 0:
        return "none"
    if count == total:
        return "all"
    percent = Fraction(100 * count, total)
    if percent >= 99:
        return "> 99 %"
    if percent >= 10:
        return f"{int(percent)} %"
    digits = 1
    while percent * 10**digits < 10 and digits < 6:
        digits += 1
    scaled = int(percent * 10**digits)
    return f"{scaled / 10**digits:.{digits}f} %" if scaled else "< 0.000001 %"


def counted(value: int, singular: str, plural: str = "") -> str:
    """``1 event``, ``12 events``, ``6.9·10^11 environments``."""
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


def in_environments(count: int, total: int) -> str:
    """``in 3.2·10^10 environments (4.6 %)``, ``in all environments``, ``in the only environment``."""
    if total == 1:
        return "in the only environment" if count else "in no environment"
    if count == total:
        return f"in all {number(total)} environments"
    return f"in {counted(count, 'environment')} ({share(count, total)})"


def duration(seconds: float) -> str:
    """``0.21 s``, ``4.1 s``, ``3 min 20 s``."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def memory(size: int) -> str:
    """In binary megabytes: ``180 MiB``."""
    return f"{round(size / 2**20):,} MiB"
