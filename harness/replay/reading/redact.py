"""Masks for what a log says of people, devices and secrets: the same value gets the same mask within one output.

What is public stays: error codes, well-known accounts, names of components and endpoints, hosts that are everybody's.
Each expression begins at the edge of a word or at a sign and chooses within bounds, so that the time is linear in the
length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from ..line import Line
from .naming import known

PUBLIC: Final = (
    *("microsoft.com", "microsoftonline.com", "microsoftonline.us", "windows.net", "windows.com", "windowsupdate.com"),
    *("azure.net", "azure.com", "office.com", "live.com", "digicert.com", "schemas.xmlsoap.org", "w3.org"),
)
"""Hosts that are everybody's."""
RENTED: Final = {
    "onmicrosoft.com": "tenant",
    **dict.fromkeys(("blob.core.windows.net", "cloudapp.net", "cloudapp.azure.com", "azurewebsites.net"), "host"),
    **dict.fromkeys(("vault.azure.net", "servicebus.windows.net", "sharepoint.com"), "host"),
}
"""Domains of which a part is somebody's: what stands before them is masked, as what the second word says."""
_FILES: Final = frozenset(
    (
        *("asp", "ashx", "aspx", "bat", "cab", "cat", "cer", "cmd", "config", "cpp", "crl", "crt", "cs", "cxx", "dat"),
        *("db", "dll", "exe", "h", "hpp", "htm", "html", "inf", "ini", "js", "json", "lib", "log", "man", "mdb", "mof"),
        *(
            "msi",
            "msp",
            "mst",
            "mui",
            "nls",
            "pfx",
            "pol",
            "ps1",
            "reg",
            "sdf",
            "svc",
            "sys",
            "tmp",
            "txt",
            "vb",
            "xml",
        ),
        *("xsl", "zip"),
    )
)
"""What names of files end with, that look like names of hosts."""
_CAPITALISED: Final = frozenset(("Com", "Net", "Org", "Local", "Lan", "Corp", "Edu", "Gov", "Info", "Internal", "Int"))
_NO_DOMAINS: Final = frozenset(
    (
        *(
            "ccm",
            "ccmsetup",
            "cimv2",
            "hkcu",
            "hkey_local_machine",
            "hklm",
            "logs",
            "microsoft",
            "nt",
            "policy",
            "root",
        ),
        *("sms", "software", "system", "system32", "temp", "users", "windows", "builtin", "authority"),
    )
)
"""What stands before a backslash and is no domain."""
_ACCOUNTS: Final = frozenset(("system", "localsystem", "network", "networkservice", "localservice", "anonymous"))
_NO_HOSTS: Final = frozenset(
    (
        "localhost",
        "http",
        "https",
        "null",
        "none",
        "unknown",
        "configmgrservice",
        "the",
        "this",
        "not",
        "is",
        "and",
        "was",
    )
)
_FOLDERS: Final = frozenset(("ccm", "ccmsetup", "logs", "log", "windows", "temp", "users", "c:", "~", "..", ".", ""))

_TOKEN = re.compile(
    r"eyJ[\w-]{8,}(?:\.[\w-]{4,}){0,4}"
    r"|(?<=Bearer )[\w.~+/=-]{8,}"
    r"|(?<=regtoken[:=])[\"']?[^\s\"']{4,}"
    r"|(?<=authorization: )(?!Bearer )[^\s'\"]{2,}(?: [\w.~+/=-]{8,})?"
    r"|(?<![\w/.+-])(?=[A-Za-z/+]{0,450}\d)[A-Za-z0-9+/]{40,}={0,2}"
    r"|(?-i:(?<![\w/.+-])(?=[\w-]{0,39}\d)(?=[\w-]{0,39}[a-z])(?=[\w-]{0,39}[A-Z])[\w-]{40,}(?![\w/]))"
    r"|(?<![\w-])[0-9A-Fa-f]{40,}(?![\w-])"
    r"|(?<=password[:=])[^\s;,'\"]{1,}",
    re.IGNORECASE,
)
_SID = re.compile(r"(?<![\w-])S-1-(?:5-21|5-8|12-1|15-[23])(?:-\d{1,12}){2,14}(?!\d)", re.IGNORECASE)
_HEX: Final = "[0-9A-Fa-f]"
_GUID = re.compile(rf"(?<!{_HEX})(?<!{_HEX}-){_HEX}{{7,8}}-(?:{_HEX}{{3,4}}-){{2,3}}{_HEX}{{6,13}}(?!{_HEX})")
"""Also such as were shortened or changed by hand, as masks often are."""
_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_PROFILE = re.compile(
    r"(?P<before>[\\/]Users[\\/])(?P<name>(?!Public\b|Default\b)[^\\/:*?\"<>|\s]{1,64})", re.IGNORECASE
)
_ACCOUNT = re.compile(r"(?<![\w\\:.%/-])(?P<domain>[A-Za-z][\w.-]{0,30})\\(?P<name>[\w.$-]{1,64})(?![\w\\])")
_USER = re.compile(
    r"(?P<before>\b(?:user ?name|logged[- ]on user|account name|upn|user)\s{0,3}[=:]\s{0,3}['\"]?)"
    r"(?P<name>[A-Za-z][\w.$-]{0,63})",
    re.IGNORECASE,
)
_TENANT = re.compile(
    r"(?P<before>\b(?:tenant ?name|organi[sz]ation|company)\s{0,3}[=:]\s{0,3}['\"]?)(?P<name>\w[\w -]{1,63})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?P<before>(?<![\w.])(?:CN|OU|O|DC)=)(?P<name>[^,;\"'<>=\n]{1,64})")
_ISSUERS: Final = ("sms ", "microsoft", "digicert", "globalsign", "baltimore", "verisign", "entrust", "sectigo")
"""What the names of authorities begin with that are everybody's."""
_HOST = re.compile(r"(?<![\w@.-])(?:[A-Za-z0-9][\w-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![\w(-])")
_SINGLE = re.compile(
    r"(?P<before>://|\\\\"
    r"|\b(?:host|server|machine|computer|host ?name|machine ?name|computer ?name|netbios ?name)\s{0,3}[=:]\s{0,3}['\"]?"
    r"|\b(?:to host|STS server|MP|server) ['\"])"
    r"(?P<name>[A-Za-z0-9][\w-]{0,62})(?=[:/\\'\",;\s]|\Z)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_VERSION = re.compile(r"(?:version|ver|build|v)[ :=']{0,3}\Z", re.IGNORECASE)


class Redactor:
    """Masks values in every text that is given to it; ``masks``: what stands for which value, in small letters."""

    def __init__(self) -> None:
        self.masks: dict[tuple[str, str], str] = {}
        self._count: dict[str, int] = {}

    def line(self, line: Line) -> Line:
        """The line with its text, source and device masked."""
        return replace(line, source=self.path(line.source), text=self.text(line.text), device=self.device(line.device))

    def lines(self, lines: Iterable[Line]) -> Iterator[Line]:
        return map(self.line, lines)

    def text(self, text: str) -> str:
        """The text with everything masked that is somebody's."""
        steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (_TOKEN, self._token),
            (_MAIL, lambda found: self._mask("mail", found[0])),
            (_SID, lambda found: self._mask("sid", found[0])),
            (_GUID, self._guid),
            (_PROFILE, lambda found: found["before"] + self._mask("user", found["name"])),
            (_ACCOUNT, self._account),
            (_USER, self._user),
            (_TENANT, lambda found: found["before"] + self._mask("tenant", found["name"].strip())),
            (_SUBJECT, self._subject),
            (_HOST, self._host),
            (_SINGLE, self._single),
            (_ADDRESS, self._address),
        )
        for expression, masked in steps:
            text = expression.sub(masked, text)
        return text

    def path(self, path: str) -> str:
        """A file's path, with all but the names of well-known folders and of the log masked."""
        *folders, name = re.split(r"[\\/]", path)
        return "/".join([*map(self._folder, folders), name if known(name.partition(".")[0]) else self.text(name)])

    def device(self, name: str) -> str:
        return self._mask("device", name) if name else ""

    def _folder(self, name: str) -> str:
        return name if name.lower() in _FOLDERS else self._mask("folder", name)

    def _mask(self, kind: str, value: str) -> str:
        key = kind, value.lower()
        if key not in self.masks:
            self._count[kind] = self._count.get(kind, 0) + 1
            self.masks[key] = f"<{kind}-{self._count[kind]}>"
        return self.masks[key]

    def _token(self, found: re.Match[str]) -> str:
        return self._mask("token", found[0].strip("\"'"))

    def _guid(self, found: re.Match[str]) -> str:
        return self._mask("guid", found[0]) if found[0].strip("0-") else found[0]

    def _account(self, found: re.Match[str]) -> str:
        domain, name = found["domain"], found["name"]
        if domain.lower() in _NO_DOMAINS or name.lower() in _ACCOUNTS or name.lower().rpartition(".")[2] in _FILES:
            return found[0]
        return f"{self._mask('domain', domain)}\\{self._mask('user', name)}"

    def _user(self, found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name.lower() in {*_ACCOUNTS, *_NO_HOSTS} else found["before"] + self._mask("user", name)

    def _subject(self, found: re.Match[str]) -> str:
        name = found["name"].strip()
        if not name or "." in name or name.lower().startswith(_ISSUERS):
            return found[0]  # a host's name is masked as one
        return found["before"] + self._mask("name", name)

    def _host(self, found: re.Match[str]) -> str:
        name = found[0]
        small = name.lower()
        for domain, kind in RENTED.items():
            if small.endswith("." + domain):
                cut = len(name) - len(domain)
                return f"{self._mask(kind, name[: cut - 1])}.{name[cut:]}"
        if not _is_host(name) or any(small == each or small.endswith("." + each) for each in PUBLIC):
            return name
        return self._mask("host", name)

    def _single(self, found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name.lower() in _NO_HOSTS else found["before"] + self._mask("host", name)

    def _address(self, found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - 12) : found.start()]
        if found[0].startswith(("5.0", "127.", "0.")) or _VERSION.search(before):
            return found[0]
        return self._mask("address", found[0])


def _is_host(name: str) -> bool:
    """Whether words with dots between are a host's name, and not a file's or one of a program's own names."""
    *parts, last = name.split(".")
    if last.lower() in _FILES or known(name) or parts[0] in {"System", "Microsoft", "Windows"}:
        return False
    return last.islower() or last.isupper() or last in _CAPITALISED
