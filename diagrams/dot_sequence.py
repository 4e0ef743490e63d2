"""Sequences in DOT: everything has its place already, so that Graphviz draws and lays out nothing.

Lanes stand side by side and time runs down. Places are in points; a label's room is estimated from its characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .dot import FONT, inside
from .form import Beside, Frame, Framing, Item, Kind, Message, Role, Sequence
from .look import GREY, LOOKS, SHADE, SHADED, TEXT, Look, signed
from .words import stacked

LANE = 205
"""From lane to lane."""
LINE, GAP, HEAD = 12, 12, 30
"""The height of a line of text, the room between two items, the height of a lane's head."""
CHARACTER = 5.8
"""The width of a character."""
INSET, LONGEST = 6, 90
"""How much narrower a frame is than the one that it lies in; characters in a line of what is said of a section."""
_SHADE = f'shape=box, penwidth=0, style="filled", fillcolor="{SHADE}{round(SHADED * 255):02X}"'
_LOOKS = {Kind.REQUEST: Look(TEXT, "", width=1.5), Kind.REPLY: LOOKS[Role.RECEIVED], Kind.FAILURE: LOOKS[Role.REFUSAL]}


def dot_of_sequence(sequence: Sequence) -> str:
    """The sequence in DOT, for the layout ``neato`` with every node pinned."""
    return "\n".join(_Places(sequence).lines()) + "\n"


class _Places:
    def __init__(self, sequence: Sequence) -> None:
        self.sequence = sequence
        self.x = {lane: LANE * number for number, lane in enumerate(sequence.lanes)}
        self.depth = _depth(sequence.items)
        self.number = 0

    def lines(self) -> Iterator[str]:
        of = self.sequence
        yield "digraph {"
        yield "    graph [layout=neato, inputscale=72, splines=line, outputorder=edgesfirst, bgcolor=white, pad=0.2,"
        yield f'        fontname="{FONT}", fontsize=12, fontcolor="{TEXT}", label="{inside(of.title)}\\l",'
        yield "        labelloc=t, labeljust=l]"
        yield f'    node [fontname="{FONT}", fontsize=9, fontcolor="{TEXT}", fixedsize=true, margin="0.06,0",'
        yield '        label=""]'
        yield f'    edge [fontname="{FONT}", arrowsize=0.7]'
        body, bottom = self._items(of.items, -HEAD - GAP / 2, 0)
        for lane, x in self.x.items():
            yield from self._lane(lane, x, bottom)
        yield from body
        yield "}"

    def _items(self, items: Iterable[Item], y: float, depth: int) -> tuple[list[str], float]:
        """What stands below one another from there, inside of so many frames, and where the lowest of it ends."""
        found: list[str] = []
        for item in items:
            lines, y = self._frame(item, y, depth) if isinstance(item, Frame) else self._item(item, y)
            found += lines
        return found, y

    def _frame(self, frame: Frame, y: float, depth: int) -> tuple[list[str], float]:
        """The box of a frame, its sections and the lines between these."""
        inward = INSET * (self.depth - depth)
        left, right = 2 - LANE / 2 - inward, self.x[self.sequence.lanes[-1]] + LANE / 2 - 2 + inward
        found: list[str] = []
        top = y
        for place, section in enumerate(frame.sections):
            if place:
                found += self._line(left, right, y)
            begins = y
            said = stacked([_heading(None if place else frame.framing, section.label)], LONGEST)
            y -= LINE * len(said) + 4
            heading = self._heading(left + 8, y + LINE * len(said) / 2 + 1, said)
            lines, y = self._items(section.items, y - GAP / 2, depth + 1)
            y += GAP / 2
            if not section.usual:
                found.append(self._box((left + right) / 2, (begins + y) / 2, right - left, begins - y, _SHADE))
            found += [heading, *lines]
        look = f'shape=box, style=dashed, color="{TEXT}", penwidth=1.5'
        box = self._box((left + right) / 2, (top + y) / 2, right - left, top - y, look)
        return [box, *found], y - GAP

    def _heading(self, left: float, y: float, label: tuple[str, ...]) -> str:
        """Text that begins there."""
        width = max(map(len, label), default=0) * CHARACTER * 0.9
        text = "".join(f"{inside(line)}\\l" for line in label)
        look = f'shape=plaintext, margin=0, style=filled, fillcolor=white, label="{text}"'
        return self._box(left + width / 2, y, width, LINE * len(label), look)

    def _line(self, left: float, right: float, y: float) -> list[str]:
        one, other = self._point(left, y), self._point(right, y)
        line = f'    {one[0]} -> {other[0]} [dir=none, style=dashed, color="{GREY}"]'
        return [f"    {one[1]}", f"    {other[1]}", line]

    def _lane(self, lane: str, x: float, bottom: float) -> Iterator[str]:
        look = f'shape=box, style="rounded,filled", fillcolor="#F2F2F2", color="{GREY}", fontsize=11'
        yield self._box(x, -HEAD / 2, LANE - 60, HEAD - 6, f'{look}, label="{inside(lane)}"')
        one, other = self._point(x, -HEAD + 3), self._point(x, bottom)
        yield f"    {one[1]}"
        yield f"    {other[1]}"
        yield f'    {one[0]} -> {other[0]} [dir=none, style=dotted, color="{GREY}"]'

    def _item(self, item: Message | Beside, y: float) -> tuple[list[str], float]:
        if isinstance(item, Message) and item.source != item.target:
            return self._arrow(item, y)
        if isinstance(item, Message):
            item = Beside(item.source, item.source, item.label, Role.REFUSAL)
        return self._beside(item, y)

    def _arrow(self, item: Message, y: float) -> tuple[list[str], float]:
        label = signed(item.label, Role.REFUSAL) if item.kind is Kind.FAILURE else item.label
        one, other = self.x[item.source], self.x[item.target]
        at = y - LINE * len(label) - 3
        beside = one + (LANE / 2 if other > one else -LANE / 2)  # over the first gap that it crosses
        begin, end = self._point(one, at), self._point(other, at)
        look = _LOOKS[item.kind]
        dash = f"style={look.dash}, penwidth={min(look.width, 2):g}"
        found = [
            f"    {begin[1]}",
            f"    {end[1]}",
            f'    {begin[0]} -> {end[0]} [color="{look.line}", {dash}]',
            self._text(beside, y - LINE * len(label) / 2, label),
        ]
        return found, at - GAP

    def _beside(self, item: Beside, y: float) -> tuple[list[str], float]:
        label = signed(item.label, item.role)
        height = LINE * len(label) + 6
        one, other = self.x[item.first], self.x[item.last]
        longest = max(map(len, label), default=0) * CHARACTER + 14
        width = max(other - one + LANE - 24, longest) if other > one else LANE - 16
        look = _box_look(LOOKS[item.role])
        end = "\\l" if item.first == item.last else "\\n"
        text = "".join(inside(line) + end for line in label)
        box = self._box((one + other) / 2, y - height / 2, width, height, f'{look}, label="{text}"')
        return [box], y - height - GAP

    def _text(self, x: float, y: float, label: tuple[str, ...]) -> str:
        text = "\\n".join(map(inside, label))
        look = "shape=plain, fixedsize=false, style=filled, fillcolor=white"
        return f'    {self._name()} [{_place(x, y)}, {look}, label="{text}"]'

    def _box(self, x: float, y: float, width: float, height: float, look: str) -> str:
        return f"    {self._name()} [{_place(x, y)}, width={width / 72:.4f}, height={height / 72:.4f}, {look}]"

    def _point(self, x: float, y: float) -> tuple[str, str]:
        name = self._name()
        return name, f"{name} [{_place(x, y)}, shape=point, width=0.01, height=0.01, style=invis]"

    def _name(self) -> str:
        self.number += 1
        return f"p{self.number}"


def _depth(items: Iterable[Item]) -> int:
    """How many frames lie in one another at most, beside the outermost."""
    frames = [item for item in items if isinstance(item, Frame)]
    inside = [_depth(section.items) + 1 for frame in frames for section in frame.sections if _framed(section.items)]
    return max(inside, default=0)


def _framed(items: Iterable[Item]) -> bool:
    return any(isinstance(item, Frame) for item in items)


def _heading(framing: Framing | None, label: str) -> str:
    """What is said of a section: of the first one what the frame is."""
    said = f"[{label}]" if label else ""
    return f"{framing.value if framing else 'else'} {said}".rstrip()


def _place(x: float, y: float) -> str:
    return f'pos="{x:g},{y:g}!"'


def _box_look(look: Look) -> str:
    dash = "" if look.dash == "solid" else f",{look.dash}"
    return f'shape=box, style="filled{dash}", fillcolor="{look.fill}", color="{look.line}", penwidth={look.width:g}'
