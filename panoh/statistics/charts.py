"""The chart of stocks over the years, drawn on the server: an SVG that needs no script and goes into reports as it is."""

import json
from collections.abc import Mapping
from functools import lru_cache

LAPIS, INK = "#1f3a8a", "#1b1f27"
SMALL, LARGE = 13, 14
SHADES = {"REF": "#1f3a8a", "ASY": "#6b83c9", "STA": "#9aa0ab", "OIP": "#c3c9d6", "OOC": "#dfe3ea"}


def stock_chart(
    stocks: Mapping[int, Mapping[str, int]], titles: Mapping[str, str], year: int, rtl: bool, *, narrow: bool = False
) -> str:
    """Stacked bars of end-year stocks: {year: {group: persons}}, oldest first (from the right in Dari). SVG text.

    `titles` are the groups in the reader's language; the chosen year stands out. `narrow` is for a phone.
    """
    rows = tuple(
        (at, group, stocks[at].get(group, 0)) for at in sorted(stocks) for group in SHADES if stocks[at].get(group)
    )
    return _draw(rows, tuple(titles.items()), year, rtl, narrow)


@lru_cache(maxsize=64)
def _draw(
    rows: tuple[tuple[int, str, int], ...], titles: tuple[tuple[str, str], ...], year: int, rtl: bool, narrow: bool
) -> str:
    # vl-convert starts a renderer of its own: loaded only when a chart is drawn, and the drawing is kept.
    import vl_convert

    named = dict(titles)
    groups = [group for group in SHADES if any(row[1] == group for row in rows)]
    domain = [named.get(group, group) for group in groups]
    in_order = {group: place for place, group in enumerate(groups)}
    totals: dict[int, int] = {}
    for at, _group, persons in rows:
        totals[at] = totals.get(at, 0) + persons
    x = {
        "field": "year",
        "type": "ordinal",
        "title": None,
        "sort": "descending" if rtl else "ascending",
        "axis": {
            "labelAngle": 0,
            "labelColor": {"condition": {"test": f"datum.value == '{year}'", "value": LAPIS}, "value": INK},
            "labelFontWeight": {"condition": {"test": f"datum.value == '{year}'", "value": "bold"}, "value": "normal"},
        },
    }
    bars = {
        "data": {
            "values": [
                {"year": str(at), "group": named.get(g, g), "persons": n, "place": in_order[g]} for at, g, n in rows
            ]
        },
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "x": x,
            "y": {
                "field": "persons",
                "type": "quantitative",
                "title": None,
                "axis": {"orient": "right" if rtl else "left", "format": "~s", "tickCount": 4, "labelColor": INK},
            },
            "order": {"field": "place", "type": "quantitative"},
            "color": {
                "field": "group",
                "type": "nominal",
                "title": None,
                "sort": domain,
                "scale": {"domain": domain, "range": [SHADES[group] for group in groups]},
                "legend": {
                    "orient": "top",
                    "columns": 1 if narrow else 2,
                    "labelColor": INK,
                    # The longest title is Tajik; on a phone it ends in an ellipsis rather than in the edge.
                    "labelFontSize": 12 if narrow else LARGE,
                    "labelLimit": 300 if narrow else 420,
                },
            },
        },
    }
    sums = {
        "data": {"values": [{"year": str(at), "persons": persons} for at, persons in totals.items()]},
        "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": SMALL, "color": INK},
        "encoding": {
            "x": x,
            "y": {"field": "persons", "type": "quantitative"},
            "text": {"field": "persons", "type": "quantitative", "format": ",d"},
        },
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 300 if narrow else 960,
        "height": 220 if narrow else 280,
        "background": "transparent",
        "layer": [bars, sums],
        "config": {
            "font": "Noto Sans, Vazirmatn, sans-serif",
            "view": {"stroke": None},
            "axis": {"domain": False, "ticks": False, "labelFontSize": SMALL, "gridColor": "#dedacd"},
            "legend": {"symbolSize": 160},
        },
    }
    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="5.20")
