"""SVG drawing primitives: bars, lines, points, axes. Colors come from the style sheet.

The output is 400 by 220 units, so that labels stay readable on narrow screens.
``Markup.format`` escapes labels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkcheck.model.escape import visible_line

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 400, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 388, 12, 188
"""The plotting area inside the output."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot, or the reason why there is none."""

    key: str
    title: str
    svg: "Markup | None"
    caption: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The numbers as a table, for readers who cannot see the plot."""
    legend: tuple[tuple[str, str], ...] = ()
    """CSS class and label of each color."""


def missing_figure(key: str, title: str, why: str) -> Figure:
    """Return a figure with a reason instead of a plot."""
    return Figure(key, title, None, why)


def _markup(template: str, *values: object, **named: object) -> "Markup":
    from markupsafe import Markup

    # The template is ours; Markup.format escapes the values.
    return Markup(template).format(*values, **named)  # noqa: S704


def svg_image(label: str, parts: Iterable["Markup"]) -> "Markup":
    """Return an SVG image; ``label`` is its text for screen readers."""
    from markupsafe import Markup

    return _markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        visible_line(label),
        Markup("").join(parts),
    )


def rect(x: float, y: float, width: float, height: float, style: str, title: str) -> "Markup":
    """Return a bar with a tooltip."""
    return _markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}">'
        "<title>{}</title></rect>",
        x,
        y,
        max(width, 0.5),
        max(height, 0),
        style,
        visible_line(title),
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", style: str = "tick") -> "Markup":
    """Return a label; ``anchor`` is start, middle or end."""
    return _markup(
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}">{}</text>',
        x,
        y,
        anchor,
        style,
        visible_line(words),
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str = "grid") -> "Markup":
    """Return a straight line."""
    return _markup(
        '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>', x1, y1, x2, y2, style
    )


def path(points: Sequence[tuple[float, float]], style: str, *, closed: bool = False) -> "Markup":
    """Return a line through points, or the area inside them."""
    moves = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return _markup('<path d="M{}{}" class="{}"/>', moves, "Z" if closed else "", style)


def dots(points: Iterable[tuple[int, int]], style: str) -> "Markup":
    """Return distinct points as one path of round dots."""
    moves = "".join(f"M{x} {y}h0" for x, y in sorted(set(points)))
    return _markup('<path d="{}" class="{}"/>', moves, style)


def axis_left(ticks: Iterable[tuple[float, str]]) -> list["Markup"]:
    """Return grid lines with their labels; ticks are (y on the output, label)."""
    made = []
    for y, label in ticks:
        made.append(line(LEFT, y, RIGHT, y))
        made.append(text(LEFT - 5, y + 4, label, anchor="end"))
    return made


def axis_bottom(ticks: Iterable[tuple[float, str, str]]) -> list["Markup"]:
    """Return labels below the plot; ticks are (x on the output, label, anchor)."""
    return [text(x, BOTTOM + 16, label, anchor=anchor) for x, label, anchor in ticks]


def axis_title(words: str) -> "Markup":
    """Return the title of the horizontal axis."""
    return text((LEFT + RIGHT) / 2, HEIGHT - 3, words, anchor="middle", style="tick axis")
