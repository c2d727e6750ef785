"""A drawing of a procedure: states as boxes in columns along the path, acts as lines between them. Own small layout, inline SVG.

The text outline below the drawing on the page says the same; the drawing is for the eye. No style attributes (the content
security policy forbids them): only presentation attributes and the site's classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from panoh import rulebook
from panoh.rulebook.model import PATH_STAGES, Procedure, State

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 52, 72, 26, 16
LETTERS_A_LINE = 22


@dataclass(frozen=True, slots=True)
class Box:
    """A state with its place."""

    state: State
    column: int
    row: int

    @property
    def x(self) -> int:
        return MARGIN + self.column * (BOX_WIDTH + GAP_X)

    @property
    def y(self) -> int:
        return MARGIN + self.row * (BOX_HEIGHT + GAP_Y)


@dataclass(frozen=True, slots=True)
class Way:
    """A line from one state to another, for one or several acts."""

    start: Box
    end: Box
    titles: tuple[str, ...]


def lay_out(definition: Procedure, track: str) -> tuple[list[Box], list[tuple[str, str, tuple[str, ...]]]]:
    """States in columns by the fewest acts from the beginning (never left of their stage on the path), and the ways between."""
    states = [state for state in definition.states.values() if track in state.tracks]
    ways: dict[tuple[str, str], list[str]] = {}
    for action in definition.actions.values():
        if track not in action.tracks:
            continue
        for start in action.from_states:
            for end in action.end_states():
                if end != start and start in {state.code for state in states}:
                    ways.setdefault((start, end), []).append(action.code)
    depth = {definition.initial_state().code: 0}
    edge = [definition.initial_state().code]
    while edge:
        state = edge.pop(0)
        for start, end in ways:
            if start == state and end not in depth:
                depth[end] = depth[state] + 1
                edge.append(end)
    stages = sorted({state.path_stage for state in states}, key=PATH_STAGES.index)
    columns = sorted({(stages.index(state.path_stage), depth.get(state.code, 0)) for state in states})
    place = {column: number for number, column in enumerate(columns)}
    rows: dict[int, int] = {}
    boxes = []
    for state in states:
        column = place[stages.index(state.path_stage), depth.get(state.code, 0)]
        boxes.append(Box(state, column, rows.get(column, 0)))
        rows[column] = rows.get(column, 0) + 1
    return boxes, [(start, end, tuple(codes)) for (start, end), codes in ways.items()]


def draw_procedure(definition: Procedure, track: str, language: str) -> SafeString:
    """The drawing of one track in the reader's language; mirrored by the page for readers from right to left."""
    book = rulebook.current()
    boxes, found = lay_out(definition, track)
    by_code = {box.state.code: box for box in boxes}
    ways = [
        Way(by_code[start], by_code[end], tuple(book.text(definition.actions[code].titles, language) for code in codes))
        for start, end, codes in found
        if end in by_code
    ]
    mirrored = language == "prs"
    width = max(box.x for box in boxes) + BOX_WIDTH + MARGIN
    height = max(box.y for box in boxes) + BOX_HEIGHT + MARGIN
    lines = format_html_join(
        "", '<path class="way" d="{}" marker-end="url(#way-end)"><title>{}</title></path>',
        ((_line(way, width, mirrored), " · ".join(way.titles)) for way in ways),
    )  # fmt: skip
    shapes = format_html_join(
        "", "{}", ((_box(box, book.text(box.state.titles, language), width, mirrored),) for box in boxes)
    )
    return format_html(
        '<svg class="procedure-drawing" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        '<defs><marker id="way-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0L8 4L0 8z" fill="#5b6577"/></marker></defs><g fill="none" stroke="#5b6577" stroke-width="1.2">{3}</g>{4}</svg>',
        width, height, book.text(definition.titles, language), lines, shapes,
    )  # fmt: skip


def _x(x: int, width: int, mirrored: bool, box_width: int = 0) -> int:
    return width - x - box_width if mirrored else x


def _line(way: Way, width: int, mirrored: bool) -> str:
    """A curve from the side of one box to the side of the other; a way back runs below the boxes."""
    forward = way.end.column > way.start.column
    start_y, end_y = way.start.y + BOX_HEIGHT // 2, way.end.y + BOX_HEIGHT // 2
    if forward:
        start_x, end_x = way.start.x + BOX_WIDTH, way.end.x
        bend = GAP_X // 2
        points = [(start_x, start_y), (start_x + bend, start_y), (end_x - bend, end_y), (end_x, end_y)]
    elif way.end.column == way.start.column:
        start_x = end_x = way.start.x + BOX_WIDTH
        points = [(start_x, start_y), (start_x + GAP_X // 2, start_y), (end_x + GAP_X // 2, end_y), (end_x, end_y)]
    else:
        start_x, end_x = way.start.x + BOX_WIDTH // 2, way.end.x + BOX_WIDTH // 2
        low = max(way.start.y, way.end.y) + BOX_HEIGHT + GAP_Y
        points = [(start_x, way.start.y + BOX_HEIGHT), (start_x, low), (end_x, low), (end_x, way.end.y + BOX_HEIGHT)]
    (a, b), (c, d), (e, f), (g, h) = [(_x(x, width, mirrored), y) for x, y in points]
    return f"M{a} {b}C{c} {d} {e} {f} {g} {h}"


_FILLS = {"initial": "#ffffff", "open": "#eef2fa", "decided": "#fdf3dc", "final": "#e9e6df"}


def _box(box: Box, title: str, width: int, mirrored: bool) -> SafeString:
    x = _x(box.x, width, mirrored, BOX_WIDTH)
    words = _wrapped(title)
    first = box.y + BOX_HEIGHT // 2 + 5 - 8 * (len(words) - 1)
    texts = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="#1c2230">{}</text>',
        ((x + BOX_WIDTH // 2, first + 17 * number, line) for number, line in enumerate(words)),
    )
    return format_html(
        '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="{}" stroke="#24408e" stroke-width="1"/>{}</g>',
        title, x, box.y, BOX_WIDTH, BOX_HEIGHT, _FILLS[box.state.kind], texts,
    )  # fmt: skip


def _wrapped(title: str) -> Sequence[str]:
    """Two lines at most; the whole title stands in the tooltip and in the outline."""
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) < LETTERS_A_LINE:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    lines = [line for line in lines if line]
    return lines if len(lines) <= 2 else [lines[0], lines[1][: LETTERS_A_LINE - 2] + "…"]
