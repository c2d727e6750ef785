"""The chart of stocks over the years, drawn on the server: an SVG that needs no script and goes into reports as it is."""

import json
from collections.abc import Mapping
from functools import lru_cache

LAPIS, INK = "#1f3a8a", "#1b1f27"
SHADES = {"REF": "#1f3a8a", "ASY": "#6b83c9", "STA": "#9aa0ab", "OIP": "#c3c9d6", "OOC": "#dfe3ea"}


def stock_chart(stocks: Mapping[int, Mapping[str, int]], titles: Mapping[str, str], year: int, rtl: bool) -> str:
    """Stacked bars of end-year stocks: {year: {group: persons}}, oldest first (from the right in Dari). SVG text.

    `titles` are the groups in the reader's language; the chosen year stands out.
    """
    rows = tuple(
        (at, group, stocks[at].get(group, 0)) for at in sorted(stocks) for group in SHADES if stocks[at].get(group)
    )
    return _draw(rows, tuple(titles.items()), year, rtl)


@lru_cache(maxsize=64)
def _draw(rows: tuple[tuple[int, str, int], ...], titles: tuple[tuple[str, str], ...], year: int, rtl: bool) -> str:
    # vl-convert starts a renderer of its own: loaded only when a chart is drawn, and the drawing is kept.
    import vl_convert

    named = dict(titles)
    groups = [group for group in SHADES if any(row[1] == group for row in rows)]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 680,
        "height": 240,
        "background": "transparent",
        "data": {
            "values": [
                {"year": str(at), "group": named.get(g, g), "persons": n, "chosen": at == year} for at, g, n in rows
            ]
        },
        "mark": {"type": "bar", "cornerRadiusEnd": 1},
        "encoding": {
            "x": {
                "field": "year",
                "type": "ordinal",
                "title": None,
                "sort": "descending" if rtl else "ascending",
                "axis": {"labelAngle": 0, "labelColor": INK},
            },
            "y": {
                "field": "persons",
                "type": "quantitative",
                "title": None,
                "axis": {"orient": "right" if rtl else "left", "format": "~s", "grid": True, "labelColor": INK},
            },
            "color": {
                "field": "group",
                "type": "nominal",
                "title": None,
                "sort": [named.get(g, g) for g in groups],
                "scale": {"domain": [named.get(g, g) for g in groups], "range": [SHADES[g] for g in groups]},
                "legend": {"orient": "top", "labelColor": INK, "labelLimit": 320},
            },
            "opacity": {"condition": {"test": "datum.chosen", "value": 1}, "value": 0.62},
        },
        "config": {
            "font": "Noto Sans, Vazirmatn, sans-serif",
            "view": {"stroke": None},
            "axis": {"domain": False, "ticks": False},
        },
    }
    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="5.20")
