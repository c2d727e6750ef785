"""The few signs of the site, drawn with one line weight on a 24 × 24 field. Inline, so that they cost no request."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: name → (path data, whether it points in the reading direction and is mirrored in Dari)
_DRAWINGS: dict[str, tuple[str, bool]] = {
    "search": ("M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L21 21", False),
    "check": ("M4.5 12.5l5 5L19.5 7", False),
    "next": ("M5 12h14M13 6l6 6l-6 6", True),
    "back": ("M19 12H5M11 6l-6 6l6 6", True),
    "down": ("M6 9l6 6l6-6", False),
    "person": ("M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5c.7-4 3.700-6 7.500-6s6.800 2 7.500 6", False),
    "people": (
        "M9 5a3.500 3.500 0 1 0 0 7a3.500 3.500 0 1 0 0-7M2.500 20c.6-3.600 3-5.500 6.500-5.500s5.900 1.900 6.500 5.500M16 5.500a3.500 3.500 0 0 1 0 6.500M18 14.800c2 .7 3.200 2.500 3.500 5.200",
        False,
    ),
    "told": ("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v6M12 7.500v.01", False),
    "due": ("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5.500l3.500 2", False),
    "look": ("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v6M12 16.500v.01", False),
    "danger": ("M12 3.500L22 20.500H2zM12 10v4.500M12 17.500v.01", False),
    "same": ("M5 9h14M5 15h14", False),
    "differs": ("M5 9h14M5 15h14M16 4L8 20", False),
    "paper": ("M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6", False),
    "print": ("M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z", False),
    "plus": ("M12 5v14M5 12h14", False),
    "lock": ("M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3", False),
    "home": ("M4 11l8-7l8 7v9h-5.500v-6h-5v6H4z", False),
}


def svg(which: str, label: str = "") -> SafeString:
    """The sign as inline SVG; hidden from screen readers unless it has a label, because words stand beside it."""
    drawing, directed = _DRAWINGS[which]
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>',
        " icon-directed" if directed else "",
        said,
        drawing,
    )
