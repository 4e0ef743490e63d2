"""What each role looks like. Nothing is told by colour alone: a line's weight and dashes, or a sign, say it too.

The strong colours are those of Okabe and Ito, "Color Universal Design" (2008), which people tell apart whatever their
colour vision; each has a contrast of 3 to 1 or better against white and against the dark grey of code hosts. A node has
a fill and a text colour of its own, so that it can be read on any background.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .form import Role

TEXT: Final = "#1A1A1A"
"""Of what is written on a fill."""
BLUE, GREEN, VERMILION, GREY = "#0072B2", "#009E73", "#D55E00", "#767676"

SHADE, SHADED = "#767676", 0.15
"""The colour of a shade and how much of it is laid over what is there, light or dark."""


@dataclass(frozen=True)
class Look:
    """How something is drawn.

    Attributes:
        line: the colour of an edge or a border.
        fill: of a node.
        width: of the line, in points.
        dash: solid, dashed or dotted, as Graphviz names them.
        sign: what stands before the label.
    """

    line: str
    fill: str
    width: float = 1.0
    dash: str = "solid"
    sign: str = ""


LOOKS: Final[Mapping[Role, Look]] = {
    Role.PLAIN: Look(GREY, "#F2F2F2"),
    Role.RECEIVED: Look(GREY, "#F2F2F2", dash="dashed"),
    Role.HAPPY: Look(BLUE, "#D6E9F5", width=3),
    Role.REFUSAL: Look(VERMILION, "#FBE4D5", width=1.5, dash="dotted", sign="✗ "),
    Role.ADDED: Look(GREEN, "#D5F0E6", width=3, sign="+ added: "),
    Role.REMOVED: Look(VERMILION, "#FBE4D5", width=2, dash="dotted", sign="− removed: "),
    Role.ALTERED: Look(BLUE, "#D6E9F5", width=2, dash="dashed", sign="± altered: "),
    Role.GOOD: Look(GREEN, "#D5F0E6", width=2, sign="✓ "),
    Role.BAD: Look(VERMILION, "#FBE4D5", width=2, dash="dashed", sign="✗ "),
    Role.QUIET: Look(GREY, "#FFFFFF", dash="dotted"),
}


def signed(label: tuple[str, ...], role: Role) -> tuple[str, ...]:
    """The label with the sign of its role; a sign alone where there is no label."""
    sign = LOOKS[role].sign
    if not sign:
        return label
    return (sign + label[0], *label[1:]) if label else (sign.rstrip(" :"),)
