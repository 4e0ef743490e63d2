"""What a line stands for: the types of the table of patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .line import Line


@dataclass(frozen=True, slots=True)
class Facet:
    """What one word in a message says besides what the message says: an option on a command line, say.

    Attributes:
        word: as it stands in the message, in any case.
        holds: what is true where it is there; ``lacks``: what is true where it is not, and the message is whole.
        failure: it speaks of a failure, whether it says the cause or not.
        workflow: another workflow that it belongs to.
    """

    word: str
    holds: str = ""
    lacks: str = ""
    workflow: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of line.

    Attributes:
        id: by which it is cited, as DOMAIN.md section 11 has it where that has one (``S4``, ``F-CERT.rev``).
        logs: the components that write it; none: any.
        text: the message, with named captures; ``also``: other wordings of it, of other versions.
        events: the model's events that it stands for, any one of them; none: it is informative, or speaks by ``holds``.
        holds: what is true when it is written, as an expression over the model's actors; where it stands for an event,
            just before that. Empty: nothing more.
        echoes: events that it is written after, and does not stand for: a line before it does, or nothing does.
        elsewhere: the same words are also written about what the model does not have (a connection for another
            request), or about another device: where no event of it fits, or ``holds`` does not, nothing deviates.
        cause: the cause that it says outright, by its name in the table of causes; empty: none.
        either: other causes that it says just as well as that one: it says that it is one of them.
        against: causes that it speaks against, as long as its log does not say one of them afterwards.
        failure: it speaks of a failure, whether it says the cause or not.
        bound: other programs write the same words: it counts only where the component that wrote the line is known.
        common: other programs write the same words: where the component is not known it counts only beside lines that
            they do not write.
        workflow: another workflow that it belongs to (``on-premises``, ``task sequence``, ``PKI``, …); empty: ours.
        always: the event does not happen without this line, where the log is there, whole and as talkative as usual.
        frame: it says nothing by itself, and only stands around another line: it is not shown.
        means: what it says, in a few words, for the time line.
        cites: the statements it rests on; ``versions``: of the product that are known to write it so.
        readings: where several patterns have the same words and the component is not known, those patterns: the line
            is one of them, and this pattern what they have in common.
        facets: what single words of the message say besides; a line that is recognised has what they say in its
            pattern's ``holds`` and ``workflow``.
        examples: lines as they are written, with invented identifiers.
    """

    id: str
    text: str
    logs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    holds: str = ""
    cause: str = ""
    workflow: str = ""
    always: bool = False
    means: str = ""
    cites: tuple[str, ...] = ()
    versions: str = ""
    also: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
    elsewhere: bool = False
    facets: tuple[Facet, ...] = ()
    failure: bool = False
    bound: bool = False
    common: bool = False
    frame: bool = False
    either: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    readings: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A line that a pattern recognises, and what it captured.

    Attributes:
        masked: the fields whose value is not what it would be in a log, because the poster masked it or cut it away.
    """

    line: Line
    pattern: Pattern
    fields: Mapping[str, str] = field(default_factory=dict)
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an install, a registration or a renewal fails: one entry of the table of causes.

    Attributes:
        name: short, for tables and for :attr:`Pattern.cause` (``root CA``, ``CRL``, ``WPJ``, ``tenant``, …).
        means: one sentence; ``remedy``: what to do, from the document where it says; ``look``: the log or command to
            look at next to tell it from others.
        when: the model's condition under which it is the cause, as an expression over unknowns and parameters; empty:
            the model does not have it, and it is named with its meaning alone.
        codes: error codes and texts that go with it.
        workflow: another workflow, in which alone it is one (a bulk token's); empty: it is one of this.
        also_in: other workflows through a CMG in which it is a cause too.
        since: the month, as ``2026-03``, before which it is none: the product was another then. Empty: always.
        covers: the causes that it may be in particular, by name: where lines speak for one of them as directly, this
            one says nothing more.
        cites: ``K1``, ``K2``, ``K3`` or others.
    """

    name: str
    means: str
    remedy: str
    look: str = ""
    when: str = ""
    codes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    workflow: str = ""
    covers: tuple[str, ...] = ()
    since: str = ""
    also_in: tuple[str, ...] = ()
