"""Pasted text: what the poster put around a line, which log a heading names, and lines that were run together."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Final

from .naming import is_name, known, named, spelled

STARTS: Final = (
    "Getting AAD info from CMG '",
    "Getting AAD (device) token with",
    "Getting AAD (user) token with",
    "Retrieved AAD token for AAD ",
    "WAM token request failed",
    "Failed to get AAD token",
    "Falling back to get user '",
    "Getting CCM Token from ",
    "Cached encrypted token for '",
    "SMS CCM 5.0: Host=",
    "Created connection on port ",
    "Enabled SSL revocation check",
    "Sending location request to '",
    "Appending CCM Token to the header",
    "Received message '<",
    "Checking the URL '",
    "Found a valid online MP",
    "Searching for DP locations from MP",
    "CCMSETUP bootstrap from Internet",
    "Sending message body '<",
    "Installing version 5.",
    "MSI PROPERTIES are ",
    "Running installation package",
    "Package:   ",
    "Properties:   ",
    "MSI: Action ",
    "Discovered 1 ",
    "No version of the client is ",
    "AADJoinStatusTask: ",
    "RegEndPoint: ",
    "[RegTask] - ",
    "Registering client using AAD auth",
    "Registering device using AAD auth",
    "Processing Registration request from Client '",
    "ProcessRequest - Start",
    "Incoming request URL: ",
    "Validated AAD token. TokenType",
    "Created SCCM token, token type",
    "Return token to client",
    "Sending remote sync message '",
    "CCM Token for '",
    "Target URL scheme is ",
    "Failed to refresh Site Signing Certificate over ",
    "Failed to send management point list Location Request",
    "LSUpdateInternetManagementPoints: ",
    "Successfully queued event on HTTP/HTTPS failure",
    "RetrieveTokenFromStsServerImpl failed with error",
    "Failed to get CCM access token",
    "GetSSLCertificateContext failed with error",
    "Client is not allowed to use or doesn't have PKI cert",
    "[CCMHTTP] ",
    "[CCMHTTP] ERROR",
    "CcmSetup failed with error code",
    "CcmSetup is exiting with return code",
    "==========[ ccmsetup started in process",
)
"""What messages begin with, by which lines that were run together are taken apart."""

_TELLING: Final = 9
"""So many signs tell a message."""
_KEY: Final = 4
_COLUMNS: Final = 2
"""So many signs between columns make a line a row of a table."""
_MANY: Final = 3
"""So many messages within a line are no chance."""
_WITHIN: Final = (":", ",", "(", "=", "-", "/")
"""Behind these a message goes on."""
_SIGNS_ONLY: Final = " \t'\"<([{-"
_ENDED = re.compile(r"(?:[.…'\")\]}>;!?]|\b0x[0-9A-Fa-f]{1,16}|[0-9A-Fa-f]{12}|\d)\s{1,20}\Z|\s{2,20}\Z")
_WORD = re.compile(r"(?<=[\s.'\")\]}>])(?=[^\s.'\")\]}>])")
_SIGN: Final = r">|•|·|▪|‣|◦|[*+-](?=[ \t])"
_SIGNS = re.compile(rf"(?:[ \t]{{0,60}}(?:{_SIGN}))*[ \t]*")
_LEADING = re.compile(rf"(?:[ \t]{{0,60}}(?:{_SIGN}|\d{{1,4}}[.):|](?=[ \t])))*[ \t]*")
_AROUND = re.compile(r"\A(\*{1,3}|_{1,3}|`{1,3}|~~)(.+?)\1[ \t]*\Z", re.DOTALL)
_BLANK = re.compile(r"[\s<>*_`|-]*\Z")
_ELIDED = re.compile(
    r"[\s\[\](){}<>*_`-]*(?:\.{2,}|…|snip(?:ped)?|cut|truncated|omitted)[\s.…\[\](){}<>*_`-]*\Z", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(?:lt|gt|amp|quot|apos|nbsp|[lr]squo|sbquo|[lrb]dquo|[nm]dash|hellip|bull|#\d{1,5}|#x[0-9a-fA-F]{1,4});"
)
_NAMED = re.compile(r"(?<![\\/\w.])([A-Za-z][\w.$-]{2,120}?)\.lo[g_](?![\w\\/])", re.IGNORECASE)
_SPOKEN = re.compile(r"(?<![\\/\w.])([A-Za-z]\w{4,60})(?= logs?(?![\w\\/.]))")
_DENIED = re.compile(r"\b(?:nothing|no|not|none|empty|clean|fine|without)\b|n['’]t\b", re.IGNORECASE)
_HEADED = re.compile(r"\A[\W_]{0,12}([A-Za-z][\w.$-]{2,120}?)\.lo[g_]\b[\W_]{0,12}\Z", re.IGNORECASE)
_PATHED = re.compile(
    r"\A[\W_]{0,12}(?:(?:file|log|path|from|in|source)\b[: ]{1,3})?"
    r"(?:[A-Za-z]:|%\w{1,40}%|\\\\[\w.$-]{1,60}|~|\.{1,2})?(?:[\\/][\w .$()-]{1,80}){0,12}[\\/]"
    r"([\w.$-]{3,120}?)\.lo[g_][\W_]{0,12}\Z",
    re.IGNORECASE,
)
_PREFIXED = re.compile(
    r"\A[\W_]{0,8}([A-Za-z][\w.$-]{2,80}?)\.lo[g_](?:[\s*_`]{0,4}(?:[:|>–—]|-(?=\s))+[\s*_`]{0,4}|\s{2,60}|\t|(?=[A-Z\[<]))(?=\S)"
)
_LABELLED = re.compile(r"\A\[?([A-Za-z][\w.-]{5,60})(?:\]:?|:| -)?[ \t]{1,4}(?=\S)")
_BEHIND = re.compile(r"[ \t]{1,20}\(([A-Za-z][\w.-]{2,60})\.lo[g_]\)[ \t.]{0,4}\Z", re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]{12,2000})`")
"""What an author has set as code within a sentence."""
_BANNER = re.compile(r"\A(?:==+\[|--+\[|\[--+)")


def is_elided(line: str) -> bool:
    """Whether the line says nothing but that something was left out, or nothing at all."""
    return bool(_BLANK.match(line)) or (len(line) < 120 and bool(_ELIDED.match(line)))


def unmarked(line: str, *, numbers: bool = True) -> str:
    """The line without what was put around it: quotation marks of mail, bullets, numbers, emphasis, entities."""
    if "&" in line and "<" not in line and _ENTITY.search(line):
        line = html.unescape(line)
    line = line.replace("&nbsp;", " ").replace("\u00a0", " ").strip()
    if (line.startswith("|") and line.endswith("|")) or line.count(" | ") >= _COLUMNS:
        line = line.strip("| \t").replace(" | ", "  ")
    elif line.startswith('"') and line.count('","') >= _COLUMNS:
        line = line.strip('"').replace('","', "\t").replace('""', '"')
    if not _BANNER.match(line):
        found = (_LEADING if numbers else _SIGNS).match(line)
        line = line[found.end() :] if found else line
    around = _AROUND.match(line)
    return (around[2] if around else line).replace("**", "").replace("`", "").strip()


def heading(line: str) -> str | None:
    """The component whose log a line announces; empty: it speaks of logs without announcing one; ``None``: of none."""
    alone = _HEADED.match(line) or _PATHED.match(line)
    if alone:
        return named(f"{alone[1]}.log").log
    bare = line.strip(" \t*_#:=-[]()")
    if known(bare):
        return spelled(bare)
    logs = [found for each in _NAMED.findall(line[:2000]) if known(found := named(f"{each}.log").log)]
    logs += [spelled(each) for each in _SPOKEN.findall(line[:2000]) if is_name(each) and len(each) >= 8]
    if not logs:
        return None
    return "" if _DENIED.search(line[:2000]) and not line.endswith(":") else logs[0]


def prefixed(line: str) -> tuple[str, str]:
    """A component's log named before a message in the same line, or behind it in brackets, and the message."""
    found = _PREFIXED.match(line)
    if found and known(log := named(f"{found[1]}.log").log):
        return log, line[found.end() :]
    behind = _BEHIND.search(line, max(0, len(line) - 100))
    if behind and known(log := named(f"{behind[1]}.log").log):
        return log, line[: behind.start()].strip(" \t-_`*")
    return "", line


def labelled(line: str, begins: Callable[[str], bool]) -> tuple[str, str]:
    """A component's name that somebody has put before a message that is known, and the message."""
    found = _LABELLED.match(line)
    if found and known(found[1]) and not begins(line) and begins(rest := line[found.end() :]):
        return spelled(found[1]), rest
    return "", line


def quoted(line: str, begins: Callable[[str], bool]) -> list[str]:
    """The messages that an author quotes within a sentence of his own; none where the line is no such sentence."""
    return [] if line.lstrip(" \t>*-").startswith("`") else [each for each in _CODE.findall(line) if begins(each)]


def component(line: str) -> tuple[str, str]:
    """A component's name before or behind a message, set apart by blanks, and the message."""
    first, _, rest = line.partition("\t") if "\t" in line[:70] else line.partition("  ")
    if rest.strip() and known(first.strip()):
        return spelled(first.strip()), rest.strip()
    rest, _, last = line.rpartition(" ")
    if "\t" in line[-70:]:
        rest, _, last = line.rpartition("\t")
    if rest and is_name(last) and (rest[-1] in " \t.'\")]}>0123456789" or len(last) >= 10):
        return last, rest.rstrip()
    return "", line


class Splitter:
    """Takes lines that were run together apart, where something that messages begin with stands within.

    ``starts``: what messages begin with, beside :data:`STARTS`. A message may have within what another one begins with,
    so that these count only in a line in which they stand many times behind what looks like the end of another.
    """

    def __init__(self, starts: Iterable[str] = ()) -> None:
        self._own = _by_key(STARTS)
        self._all = _by_key((*STARTS, *starts))

    def begins(self, line: str) -> bool:
        """Whether a known message begins the line."""
        return _begin(self._all, line, 0)

    def split(self, line: str) -> list[str]:
        """The messages of a line, one if nothing says that they are more."""
        words = [
            found.start()
            for found in _WORD.finditer(line, 1)
            if line[max(0, found.start() - 100) : found.start()].strip(_SIGNS_ONLY)
        ]
        places = [at for at in words if _begin(self._own, line, at)]
        others = [at for at in words if _begin(self._all, line, at)]
        if sum(_ENDED.search(line, max(0, at - 24), at) is not None for at in others) >= _MANY:
            places += [at for at in others if line[max(0, at - 20) : at].rstrip()[-1:] not in _WITHIN]
        places = sorted({*places})
        bounds = [0, *places, len(line)]
        return [part for a, b in pairwise(bounds) if (part := line[a:b].strip())]


def _by_key(starts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in dict.fromkeys(starts):
        if len(each) >= _TELLING:
            found.setdefault(each[:_KEY], []).append(each)
    return {key: tuple(those) for key, those in found.items()}


def _begin(starts: Mapping[str, tuple[str, ...]], line: str, at: int) -> bool:
    those = starts.get(line[at : at + _KEY])
    return those is not None and line.startswith(those, at)
