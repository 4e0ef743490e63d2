"""A strict grammar of the Mermaid that is written here: less than Mermaid itself takes, so that what passes is safe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ccmproof.diagrams.mermaid import JOINER

TEXT = r"(?:[^\"#;:<>&`{}|%\n]|#\d+;|<br/>)*"
HEAD = re.compile(r'---\ntitle: "(?:[^"\\\n]|\\["\\])*"\n(config:\n  flowchart:\n    wrappingWidth: \d+\n)?---\n')
NODE = re.compile(
    rf'(\w+)(?:\("({TEXT})"\)|\(\("({TEXT})"\)\)|\["({TEXT})"\]|\[\["({TEXT})"\]\]|\{{\{{"({TEXT})"\}}\}}):::(\w+)'
)
EDGE = re.compile(rf'(\w+) (-->|-\.->)(?:\|"({TEXT})"\|)? (\w+)')
GROUP = re.compile(rf'subgraph (\w+)\["({TEXT})"\]')
DASH = r"(,stroke-dasharray:\d \d)?"
CLASS = re.compile(rf"classDef (\w+) fill:#\w{{6}},stroke:#\w{{6}},stroke-width:[\d.]+px,color:#\w{{6}}{DASH}")
STYLE = re.compile(r"style (\w+) fill:none,stroke:#\w{6}")
LINKS = re.compile(rf"linkStyle ([\d,]+) stroke:#\w{{6}},stroke-width:[\d.]+px{DASH}")
LANE = re.compile(rf"participant (\w+) as ({TEXT})")
MESSAGE = re.compile(rf"(\w+)(->>|-->>|-x)(\w+): ({TEXT})")
NOTE = re.compile(rf"Note over (\w+)(?:,(\w+))?: ({TEXT})")
HEADING = r"(?:[^\"#;<>&`{}|%\n]|#\d+;)+"
FRAME = re.compile(rf"(loop|alt|opt|break) ({HEADING})")
ELSE = re.compile(rf"else ({HEADING})")
SHADE = re.compile(r"rect rgba\(\d+, \d+, \d+, 0\.\d+\)")
WRAPS = re.compile(r"(?:(?:no)?wrap)?:")
MARKDOWN_LIST = re.compile(r"\s*(?:[-+*]|\d+[.)])")


@dataclass
class ParsedSection:
    """A section of a frame: what is said of it, the number of items above it, and the frames inside."""

    label: str
    above: int
    shaded: bool = False
    frames: list[ParsedFrame] = field(default_factory=list)


@dataclass
class ParsedFrame:
    """A frame, its sections, and the number of items down to its end."""

    framing: str
    sections: list[ParsedSection]
    until: int = -1


@dataclass
class Parsed:
    """What a diagram has; labels are as a reader sees them, one line each."""

    nodes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    items: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    frames: list[ParsedFrame] = field(default_factory=list)


def seen(text: str) -> tuple[str, ...]:
    """The lines of a label as a reader sees them: without what has no width."""
    lines = tuple(text.split("<br/>"))
    assert not any(MARKDOWN_LIST.match(line) for line in lines), text
    return tuple(re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line).replace(JOINER, "") for line in lines)


def parsed(text: str) -> Parsed:
    """The diagram; an assertion fails where the text is none, or names what is not there."""
    head = HEAD.match(text)
    assert head is not None and text.endswith("\n"), text[:200]
    kind, *lines = text[head.end() :].splitlines()
    return _flowchart(lines) if kind == "flowchart TB" else _sequence(kind, lines)


def _flowchart(lines: list[str]) -> Parsed:
    found, classes, linked, depth = Parsed(), set(), set(), 0
    for line in map(str.strip, lines):
        if line == "end":
            depth -= 1
            assert depth == 0, "a subgraph ends that did not begin"
        elif match := GROUP.fullmatch(line):
            depth += 1
            assert depth == 1, "subgraphs are not nested"
            found.groups.append(match[1])
        elif line == "direction TB":
            assert depth == 1, "a direction of its own has a subgraph"
        elif match := NODE.fullmatch(line):
            assert match[1] not in found.nodes, f"{match[1]} is there twice"
            found.nodes[match[1]] = seen(next(each for each in match.groups()[1:6] if each is not None))
            found.roles[match[1]] = match[7]
        elif match := re.fullmatch(rf'(notes)\["({TEXT})"\]:::(quiet)', line):
            found.nodes["notes"], found.roles["notes"] = seen(match[2]), match[3]
        elif match := re.fullmatch(r"notes ~~~ (\w+)", line):
            assert match[1] in found.nodes and "notes" in found.nodes
        elif match := EDGE.fullmatch(line):
            found.edges.append((match[1], match[4], seen(match[3] or "")))
        elif match := CLASS.fullmatch(line):
            classes.add(match[1])
        elif match := STYLE.fullmatch(line):
            assert match[1] in found.groups
        elif match := LINKS.fullmatch(line):
            linked |= set(map(int, match[1].split(",")))
        else:
            raise AssertionError(f"not of the grammar: {line}")
    assert depth == 0
    assert all(end in found.nodes for edge in found.edges for end in edge[:2])
    assert linked == set(range(len(found.edges)))
    assert set(found.roles.values()) == classes
    return found


def _sequence(kind: str, lines: list[str]) -> Parsed:
    assert kind == "sequenceDiagram", kind
    found, names = Parsed(), {}
    open_: list[ParsedFrame | ParsedSection] = []  # a section stands for its shade
    for line in map(str.strip, lines):
        if match := LANE.fullmatch(line):
            assert not found.items and not open_ and match[1] not in names
            names[match[1]] = seen(match[2])[0]
            found.lanes.append(names[match[1]])
        elif match := MESSAGE.fullmatch(line):
            label = f"{names[match[1]]} {match[2]} {names[match[3]]}"
            found.items.append(("message", label, seen(match[4])))
        elif match := NOTE.fullmatch(line):
            found.items.append(
                ("note", " to ".join(names[each] for each in match.groups()[:2] if each), seen(match[3]))
            )
        elif match := FRAME.fullmatch(line):
            frame = ParsedFrame(match[1], [_section(match[2], found)])
            _frames_of(open_, found).append(frame)
            open_.append(frame)
        elif match := ELSE.fullmatch(line):
            frame = open_[-1]
            assert isinstance(frame, ParsedFrame) and frame.framing == "alt", "an alternative to nothing"
            frame.sections.append(_section(match[1], found))
        elif SHADE.fullmatch(line):
            frame = open_[-1]
            assert isinstance(frame, ParsedFrame)
            section = frame.sections[-1]
            assert section.above == len(found.items) and not section.shaded and not section.frames
            section.shaded = True
            open_.append(section)
        elif line == "end":
            assert open_, "a frame ends that did not begin"
            ended = open_.pop()
            if isinstance(ended, ParsedFrame):
                ended.until = len(found.items)
        else:
            raise AssertionError(f"not of the grammar: {line}")
    assert not open_, "a frame does not end"
    return found


def _section(label: str, found: Parsed) -> ParsedSection:
    assert not WRAPS.match(label)
    return ParsedSection(seen(label)[0], len(found.items))


def _frames_of(open_: list[ParsedFrame | ParsedSection], found: Parsed) -> list[ParsedFrame]:
    if not open_:
        return found.frames
    inner = open_[-1]
    return inner.sections[-1].frames if isinstance(inner, ParsedFrame) else inner.frames
