"""A drawing of a procedure: its states one below the other along the path, and the ways between them. Own small layout, inline SVG.

From a state to the next one below it goes straight down, with the name of the act beside the arrow. Every other way is a line beside the
column: ways onwards on one side, ways back on the other, and all that lead to one state share one line, so that twenty ways to the same
end are one line with twenty taps. The outline below the drawing says the same in words; the page mirrors it for readers from right
to left. No style attributes (the content security policy forbids them): presentation attributes and the site's classes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from panoh import rulebook
from panoh.procedures.path import TITLES
from panoh.rulebook.model import PATH_STAGES, Procedure, State

BOX_WIDTH, BOX_HEIGHT, GAP, STAGE_GAP, MARGIN = 290, 44, 34, 30, 10
LANE, FIRST_LANE, TURN = 14, 18, 6
LETTERS_A_LINE, LETTERS_BESIDE = 38, 42
LINE, SOFT, INK, LAPIS = "#5b6577", "#5b6577", "#1c2230", "#24408e"
FILLS = {"initial": "#ffffff", "open": "#eef2fa", "decided": "#fdf3dc", "final": "#e9e6df"}


@dataclass(frozen=True, slots=True)
class Row:
    """A state with its place in the column. `opens_stage` names the stage of the path that begins with it."""

    state: State
    number: int
    y: int
    opens_stage: str = ""

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Bus:
    """All ways to one state that pass others by: one line at the side, tapped by each state from which a way leads there."""

    end: Row
    taps: tuple[tuple[Row, tuple[str, ...]], ...]
    onwards: bool
    lane: int = 0

    @property
    def span(self) -> tuple[int, int]:
        rows = [self.end.number, *(row.number for row, _acts in self.taps)]
        return min(rows), max(rows)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands, in a drawing from left to right."""

    rows: tuple[Row, ...]
    straight: tuple[tuple[Row, Row, tuple[str, ...]], ...]
    buses: tuple[Bus, ...]

    def lanes(self, *, onwards: bool) -> int:
        return max((bus.lane + 1 for bus in self.buses if bus.onwards is onwards), default=0)

    @property
    def box_x(self) -> int:
        return MARGIN + _side(self.lanes(onwards=False))

    @property
    def width(self) -> int:
        return self.box_x + BOX_WIDTH + _side(self.lanes(onwards=True)) + MARGIN

    @property
    def height(self) -> int:
        return self.rows[-1].y + BOX_HEIGHT + MARGIN


def _side(lanes: int) -> int:
    return FIRST_LANE + LANE * lanes if lanes else 0


def lay_out(definition: Procedure, track: str) -> Layout:
    """The states of a track in the order in which a case comes to them, and the ways between them."""
    ways = ways_of(definition, track)
    rows = _rows(definition, track, ways)
    by_code = {row.state.code: row for row in rows}
    straight, beside = [], {}
    for (start, end), acts in ways.items():
        first, last = by_code[start], by_code[end]
        if last.number == first.number + 1:
            straight.append((first, last, acts))
        else:
            beside.setdefault((end, last.number > first.number), []).append((first, acts))
    buses = [
        Bus(by_code[end], tuple(sorted(taps, key=lambda tap: tap[0].number)), onwards)
        for (end, onwards), taps in beside.items()
    ]
    return Layout(tuple(rows), tuple(straight), tuple(_in_lanes(buses)))


def ways_of(definition: Procedure, track: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The acts that lead from one state to another, for each pair of states of the track."""
    known = {state.code for state in definition.states.values() if track in state.tracks}
    found: dict[tuple[str, str], list[str]] = {}
    for action in definition.actions.values():
        for start in action.from_states if track in action.tracks else ():
            for end in action.end_states():
                if end != start and {start, end} <= known:
                    found.setdefault((start, end), []).append(action.code)
    return {pair: tuple(acts) for pair, acts in found.items()}


def _rows(definition: Procedure, track: str, ways: Iterable[tuple[str, str]]) -> list[Row]:
    """By stage of the path, within it by the fewest acts that lead there, and what ends a case behind what goes on.

    What begins from a closed case (a late appeal) is not counted from there: it stands where an open one comes to it.
    """
    depth = {definition.initial_state().code: 0}
    edge = [definition.initial_state().code]
    ways = [(start, end) for start, end in ways if not definition.states[start].is_final]
    while edge:
        state = edge.pop(0)
        for start, end in ways:
            if start == state and end not in depth:
                depth[end] = depth[state] + 1
                edge.append(end)
    states = [state for state in definition.states.values() if track in state.tracks]
    place = {state.code: number for number, state in enumerate(states)}
    states.sort(
        key=lambda one: (PATH_STAGES.index(one.path_stage), one.is_final, depth.get(one.code, 99), place[one.code])
    )
    rows: list[Row] = []
    y, stage = MARGIN, ""
    for number, state in enumerate(states):
        opens = state.path_stage if state.path_stage != stage else ""
        stage = state.path_stage
        y += STAGE_GAP if opens else 0
        rows.append(Row(state, number, y, opens))
        y += BOX_HEIGHT + GAP
    return rows


def _in_lanes(buses: list[Bus]) -> Iterable[Bus]:
    """Each line gets the innermost lane of its side that no other needs on the same rows; short ones stay inside."""
    for onwards in (True, False):
        taken: list[list[tuple[int, int]]] = []
        side = [bus for bus in buses if bus.onwards is onwards]
        for bus in sorted(side, key=lambda one: (one.span[1] - one.span[0], one.end.number)):
            top, bottom = bus.span
            lane = next(
                (n for n, spans in enumerate(taken) if all(b < top or t > bottom for t, b in spans)), len(taken)
            )
            if lane == len(taken):
                taken.append([])
            taken[lane].append((top, bottom))
            yield Bus(bus.end, bus.taps, onwards, lane)


# -- the picture ------------------------------------------------------------------------------------------------------------


def draw_procedure(definition: Procedure, track: str, language: str) -> SafeString:
    """The drawing of one track in the reader's language; mirrored for readers from right to left."""
    layout = lay_out(definition, track)
    pen = _Pen(definition, layout, language, mirrored=language == "prs")
    parts = [
        *(pen.stage(row) for row in layout.rows if row.opens_stage),
        *(pen.bus(bus) for bus in layout.buses),
        *(pen.straight(*way) for way in layout.straight),
        *(pen.box(row) for row in layout.rows),
    ]
    return format_html(
        '<svg class="procedure-drawing" viewBox="0 0 {0} {1}" width="{0}" role="img" aria-label="{2}">'
        '<defs><marker id="way-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="{3}"/></marker></defs>{4}</svg>',
        layout.width, layout.height, rulebook.current().text(definition.titles, language), LINE,
        format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws the pieces of one layout in one language."""

    definition: Procedure
    layout: Layout
    language: str
    mirrored: bool

    def x(self, x: int) -> int:
        return self.layout.width - x if self.mirrored else x

    @property
    def centre(self) -> int:
        return self.layout.box_x + BOX_WIDTH // 2

    def names(self, acts: Sequence[str]) -> str:
        book = rulebook.current()
        return " · ".join(book.text(self.definition.actions[code].titles, self.language) for code in acts)

    def stage(self, row: Row) -> SafeString:
        """The stage of the path that begins here, as a word over a hairline. Text begins where the page's own direction says."""
        y = row.y - 12
        left, right = self.layout.box_x, self.layout.box_x + BOX_WIDTH
        return format_html(
            '<path d="M{} {}H{}" stroke="#c9cfdb" stroke-width="1"/><text x="{}" y="{}" text-anchor="end" font-size="11" fill="{}">{}</text>',
            self.x(left), y + 5, self.x(right), self.x(right), y, SOFT, TITLES[row.opens_stage],
        )  # fmt: skip

    def straight(self, start: Row, end: Row, acts: Sequence[str]) -> SafeString:
        top, bottom, x = start.y + BOX_HEIGHT, end.y, self.x(self.layout.box_x + 26)
        words = self.names(acts)
        shown = words if len(words) <= LETTERS_BESIDE else words[: LETTERS_BESIDE - 1].rstrip() + "…"
        beside = self.x(self.layout.box_x + 36)
        # Where a stage begins, its hairline crosses the arrow; the name of the act stands above it.
        y = top + 14 if end.opens_stage else (top + bottom) // 2 + 4
        return format_html(
            '<g><title>{}</title><path d="M{} {}V{}" fill="none" stroke="{}" stroke-width="1.4" marker-end="url(#way-end)"/>'
            '<text x="{}" y="{}" font-size="11.5" fill="{}">{}</text></g>',
            words, x, top, bottom, LAPIS, beside, y, SOFT, shown,
        )  # fmt: skip

    def bus(self, bus: Bus) -> SafeString:
        """The line at the side with its taps: it leaves each state a little below its middle and comes in a little above."""
        inner = self.layout.box_x + BOX_WIDTH if bus.onwards else self.layout.box_x
        side = 1 if bus.onwards else -1
        lane = inner + side * (FIRST_LANE + LANE * bus.lane)
        into = bus.end.middle - 8
        lines = format_html_join(
            "", '<path d="{}"{}><title>{}</title></path>',
            (
                (self._tap(row.middle + 8, into, inner, lane, side), self._arrow(row is bus.taps[-1][0]), self.names(acts))
                for row, acts in bus.taps
            ),
        )  # fmt: skip
        dashes = "" if bus.onwards else format_html(' stroke-dasharray="{}"', "4 3")
        return format_html('<g fill="none" stroke="{}" stroke-width="1.1"{}>{}</g>', LINE, dashes, lines)

    def _arrow(self, last: bool) -> SafeString | str:
        return format_html(' marker-end="{}"', "url(#way-end)") if last else ""

    def _tap(self, out: int, into: int, inner: int, lane: int, side: int) -> str:
        """From a state's side to the lane, along it, and back to the state's side at the end, with rounded turns."""
        down = 1 if into > out else -1
        x, near = self.x, lane - side * TURN
        return (
            f"M{x(inner)} {out}H{x(near)}Q{x(lane)} {out} {x(lane)} {out + down * TURN}"
            f"V{into - down * TURN}Q{x(lane)} {into} {x(near)} {into}H{x(inner)}"
        )

    def box(self, row: Row) -> SafeString:
        title = rulebook.current().text(row.state.titles, self.language)
        lines = _wrapped(title)
        first = row.middle + 5 - 8 * (len(lines) - 1)
        texts = format_html_join(
            "",
            '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="{}">{}</text>',
            ((self.x(self.centre), first + 16 * number, INK, line) for number, line in enumerate(lines)),
        )
        left = self.layout.box_x
        return format_html(
            '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"/>{}</g>',
            title, self.x(left + BOX_WIDTH) if self.mirrored else left, row.y, BOX_WIDTH, BOX_HEIGHT,
            22 if row.state.kind in ("initial", "final") else 6, FILLS[row.state.kind], LAPIS, 1, texts,
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
