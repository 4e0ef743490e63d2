"""Printing what was said as logs, in every form in which logs are met: the opposite of reading."""

from __future__ import annotations

import html
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ccmproof.harness.replay.line import Where
from ccmproof.harness.replay.reading.naming import where


@dataclass(frozen=True)
class Said:
    """One message: which component said it, what, and when, in UTC."""

    log: str
    text: str
    when: datetime
    thread: int = 4312
    severity: int = 1


DATES: dict[str, Callable[[datetime], str]] = {
    "d.m.Y": lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    "m/d/Y AM": lambda t: (
        f"{t.month}/{t.day}/{t.year} {(t.hour + 11) % 12 + 1}:{t:%M:%S} {'AM' if t.hour < 12 else 'PM'}"
    ),
    "d/m/Y": lambda t: f"{t:%d/%m/%Y %H:%M:%S}",
    "d/m/Y am": lambda t: f"{t:%d/%m/%Y} {(t.hour + 11) % 12 + 1}:{t:%M:%S} {'am' if t.hour < 12 else 'pm'}",
    "Y-m-d": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "Y/m/d": lambda t: f"{t:%Y/%m/%d %H:%M:%S}",
    "m-d-Y ms": lambda t: f"{t.month}-{t.day}-{t.year} {t:%H:%M:%S}.{t.microsecond // 1000:03}",
    "d-m-Y": lambda t: f"{t:%d-%m-%Y %H:%M:%S}",
    "d. m. Y": lambda t: f"{t.day}. {t.month}. {t.year} {t.hour}:{t:%M:%S}",
}
"""Dates and times as viewers in different countries show them."""
UNAMBIGUOUS = ("d.m.Y", "Y-m-d", "Y/m/d", "d. m. Y")

VIEWED: dict[str, Callable[[Said, str], str]] = {
    "tabs": lambda s, t: f"{s.text}\t{s.log}\t{t}\t{_thread(s)}",
    "blanks": lambda s, t: f"{s.text}   {s.log}   {t}   {_thread(s)}",
    "one blank": lambda s, t: f"{s.text} {s.log} {t} {_thread(s)}",
    "time first": lambda s, t: f"{t}    {s.log}    {_thread(s)}    {s.text}",
    "time, message last": lambda s, t: f"{s.log}\t{t}\t{_thread(s)}\t{s.text}",
    "thread before time": lambda s, t: f"{s.text}\t{s.log}\t{_thread(s)}\t{t}",
    "component behind": lambda s, t: f"{s.text}\t{t}\t{s.log}\t{_thread(s)}",
}
"""Rows copied out of a viewer, by their columns."""


def _thread(said: Said) -> str:
    return f"{said.thread} (0x{said.thread:X})"


def client(said: Said, bias: int | None = 0) -> str:
    """As a client's component writes it. ``bias``: minutes that give UTC when added; ``None``: it is not written."""
    local = said.when - timedelta(minutes=bias or 0)
    shown = "" if bias is None else f"{bias:+d}" if bias else "+000"
    return (
        f'<![LOG[{said.text}]LOG]!><time="{local:%H:%M:%S}.{local.microsecond // 1000:03}{shown}"'
        f' date="{local:%m-%d-%Y}" component="{said.log}" context="" type="{said.severity}" thread="{said.thread}"'
        f' file="some.cpp:{said.thread}">'
    )


def server(said: Said, bias: int | None = 0) -> str:
    """As a component of a site server writes it."""
    local = said.when - timedelta(minutes=bias or 0)
    shown = "" if bias is None else f"{bias:+d}" if bias else "+00"
    text = said.text.replace("\n", "~~")
    return (
        f"{text}  $$<{said.log}><{local:%m-%d-%Y %H:%M:%S}.{local.microsecond // 1000:03}{shown}>"
        f"<thread={_thread(said)}>"
    )


def viewed(said: Said, columns: str, date: str, zone: int = 0) -> str:
    """As it is copied out of a viewer, in a time zone so many minutes behind UTC."""
    return VIEWED[columns](said, DATES[date](said.when - timedelta(minutes=zone)))


def escaped(line: str) -> str:
    """As a page's source has it."""
    return html.escape(line, quote=False)


def pasted(said: Sequence[Said]) -> str:
    """Messages alone, those of each log under a heading."""
    lines, log = [], ""
    for each in said:
        if each.log != log:
            lines += ["", f"{each.log}.log:"]
            log = each.log
        lines.append(each.text)
    return "\n".join(lines) + "\n"


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 LE with a mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE with a mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "code page": lambda text: text.encode("cp1252"),
}
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


def rotated(
    name: str, said: Sequence[Said], parts: int, line: Callable[[Said], str], end: str = "\n"
) -> dict[str, str]:
    """One log in several files, as it was rolled over: dated ones, then ``name.lo_``, then ``name.log``."""
    parts = max(1, min(parts, len(said)))
    cuts = [len(said) * part // parts for part in range(parts + 1)]
    files = {}
    for part in range(parts):
        own = said[cuts[part] : cuts[part + 1]]
        if part == parts - 1:
            file = f"{name}.log"
        elif part == parts - 2:
            file = f"{name}.lo_"
        else:
            file = f"{name}-{own[-1].when:%Y%m%d}-{part:06}.log"
        files[file] = "".join(line(each) + end for each in own)
    return files


def as_files(said: Sequence[Said], chance: random.Random, skew: float = 400.0) -> dict[str, bytes]:
    """A run as the logs of its hosts: each in some form, by a clock and in a zone of its own, rolled over, encoded.

    ``skew``: seconds by which clocks are off at most. What a form does not show, as times in pasted messages, is lost.
    """
    clocks: dict[Where, tuple[timedelta, int]] = {}
    files: dict[str, bytes] = {}
    for log in dict.fromkeys(each.log for each in said):
        host = where(log)
        off = timedelta(seconds=round(chance.uniform(-skew, skew), 3))
        clock, zone = clocks.setdefault(host, (off, chance.choice([0, 300, -60, -330])))
        own = [replace(each, when=each.when + clock) for each in said if each.log == log]
        raw = chance.choice([client, client, server])
        form = chance.choice(["raw", "raw", "pasted", *VIEWED])
        end = ENDS[chance.choice(["LF", "CRLF"])]
        if form == "raw":
            texts = rotated(log, own, chance.randint(1, 3), lambda each, raw=raw, zone=zone: raw(each, zone), end)  # type: ignore[misc]
        elif form == "pasted":
            texts = {f"{log}.log": pasted(own)}
        else:
            date = chance.choice(sorted(UNAMBIGUOUS))
            rows = [viewed(each, form, date, zone) for each in own]
            texts = {f"{log}.log": end.join(rows[:: chance.choice([1, -1])])}
        encoding = ENCODINGS[chance.choice(sorted(set(ENCODINGS) - {"code page"}))]
        files |= {name: encoding(text) for name, text in texts.items()}
    return files


def truncated(text: str, chance: random.Random) -> str:
    """Without some of its end and of its beginning, as a log that was cut."""
    begin, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return text[begin:end]


def duplicated(said: Sequence[Said], chance: random.Random) -> list[Said]:
    """With some messages twice, as posters paste a part again."""
    found = list(said)
    for each in said:
        if chance.random() < 0.1:
            found.insert(chance.randrange(len(found) + 1), each)
    return found


def run_of(texts: Sequence[tuple[str, str]], begin: datetime | None = None, step: float = 1.5) -> list[Said]:
    """Messages that were said one after another, from a time on."""
    start = begin or datetime(2024, 3, 18, 14, 12, 40, 7000, UTC)
    return [
        Said(log, text, start + timedelta(seconds=step * number), 4000 + number % 3)
        for number, (log, text) in enumerate(texts)
    ]


INSTALL: tuple[tuple[str, str], ...] = (
    ("ccmsetup", "==========[ ccmsetup started in process 4711 ]=========="),
    ("ccmsetup", "Getting AAD info from CMG 'gw.example.net'"),
    (
        "ccmsetup",
        "SMS CCM 5.0: Host=gw.example.net, Path=/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID="
        "00000000-1111-4222-8333-444444444444, Port=443, Protocol=https, CcmTokenAuth=0, Flags=0x1304, Options=0xe0",
    ),
    ("ccmsetup", "Created connection on port 443"),
    ("ccmsetup", "Enabled SSL revocation check."),
    ("ccmsetup", "WAM token request failed. Status 5, Details 'AAD WAM extension error'"),
    ("ccmsetup", "Failed to get AAD token.."),
    ("ccmsetup", "Unknown error (Error: D0090016; Source: Unknown)"),
    ("ccmsetup", "Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xd0090016"),
    ("ccmsetup", "Retrieved AAD token for AAD user '0a0a0a0a-1111-4222-8333-444444444444'"),
    ("ccmsetup", "Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 22:12:44'"),
    ("ccmsetup", "Received message '<SiteInfoReply SchemaVersion=\"1.00\">  < reply > </SiteInfoReply>'"),
    ("ccmsetup", "CcmSetup failed with error code 0x87d00455"),
)
"""An install as a client's log has it, with invented names."""
