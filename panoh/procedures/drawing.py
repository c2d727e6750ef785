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

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 52, 64, 34, 16
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
    """A column for each stage of the path, in it the states from the fewest acts downwards; and the ways between them."""
    states = [state for state in definition.states.values() if track in state.tracks]
    known = {state.code for state in states}
    ways: dict[tuple[str, str], list[str]] = {}
    for action in definition.actions.values():
        for start in action.from_states if track in action.tracks else ():
            for end in action.end_states():
                if end != start and {start, end} <= known:
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
    boxes = []
    for column, stage in enumerate(stages):
        inside = sorted(
            (state for state in states if state.path_stage == stage), key=lambda state: depth.get(state.code, 99)
        )
        boxes += [Box(state, column, row) for row, state in enumerate(inside)]
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
    """A curve between the sides of two boxes: onwards from side to side, down a column past its side, back below the boxes."""
    start_y, end_y = way.start.y + BOX_HEIGHT // 2, way.end.y + BOX_HEIGHT // 2
    if way.end.column > way.start.column:
        start_x, end_x = way.start.x + BOX_WIDTH, way.end.x
        bend = GAP_X // 2
        points = [(start_x, start_y), (start_x + bend, start_y), (end_x - bend, end_y), (end_x, end_y)]
    elif way.end.column == way.start.column and way.end.row == way.start.row + 1:
        x = way.start.x + BOX_WIDTH // 2
        top, bottom = way.start.y + BOX_HEIGHT, way.end.y
        points = [(x, top), (x, top), (x, bottom), (x, bottom)]
    elif way.end.column == way.start.column:
        x, bend = way.start.x + BOX_WIDTH, GAP_X * min(abs(way.end.row - way.start.row), 3) // 4
        points = [(x, start_y), (x + bend, start_y), (x + bend, end_y), (x, end_y)]
    else:
        start_x, end_x = way.start.x, way.end.x + BOX_WIDTH
        bend = GAP_X // 2
        points = [(start_x, start_y + 8), (start_x - bend, start_y + 8), (end_x + bend, end_y + 8), (end_x, end_y + 8)]
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
