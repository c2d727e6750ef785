"""Rules that hold the style sheet: mirroring by itself, colours only as named, contrast AA."""

import re

import pytest

from panoh.project.installation import ROOT

CSS = (ROOT / "panoh/web/static/web/panoh.css").read_text(encoding="utf-8")
WITHOUT_COMMENTS = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)

PHYSICAL = re.compile(
    r"(?<![\w-])(left|right|top|bottom|width|height|(min|max)-(width|height)|(margin|padding|border)-(left|right|top|bottom)[\w-]*|"
    r"border-(top|bottom)-(left|right)-radius|scroll-(margin|padding)-(left|right|top|bottom))\s*:"
)
PHYSICAL_VALUE = re.compile(r"(text-align|float|clear)\s*:\s*(left|right)")


def physical_directions(css: str) -> list[str]:
    # Media queries know no logical names.
    rules = re.sub(r"@media[^{]*", "", css)
    return [found.group(0) for pattern in (PHYSICAL, PHYSICAL_VALUE) for found in pattern.finditer(rules)]


def test_the_sheet_knows_no_left_and_right():
    assert physical_directions(WITHOUT_COMMENTS) == []


@pytest.mark.parametrize("css", ["a{margin-left:1px}", "a{left:0}", "a{text-align: right}", "a { width: 3rem }"])
def test_the_rule_finds_a_physical_direction(css):
    assert physical_directions(css)


@pytest.mark.parametrize("path", sorted(ROOT.glob("panoh/*/static/**/*.css")), ids=lambda path: path.name)
def test_every_style_sheet_keeps_the_rules(path):
    """A room may bring rules for what only it shows; directions and meanings are those of the whole house."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert physical_directions(css) == []
    if path.name != "panoh.css":
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", css)) <= {"#fff"}, "colours are the tokens of panoh.css"
        assert "@font-face" not in css


def tokens() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", WITHOUT_COMMENTS))


def test_colours_stand_only_in_the_tokens():
    body = WITHOUT_COMMENTS[WITHOUT_COMMENTS.index("/* -- ground") if "/* -- ground" in WITHOUT_COMMENTS else 0 :]
    outside = re.sub(r":root\s*{.*?}", "", body, flags=re.S)
    outside = re.sub(r"@media print\s*{.*", "", outside, flags=re.S)  # paper is black on white
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", outside)) <= {"#fff"}


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "lapis-wash"), ("ink", "saffron-wash"), ("ink", "danger-wash"),
    ("ink-soft", "paper"), ("ink-soft", "sheet"), ("ink-soft", "lapis-wash"), ("ink-soft", "saffron-wash"),
    ("lapis", "paper"), ("lapis", "sheet"), ("lapis", "lapis-wash"), ("lapis", "saffron-wash"), ("lapis", "danger-wash"),
    ("lapis-deep", "sheet"), ("lapis-deep", "lapis-wash"), ("sheet", "lapis"), ("sheet", "lapis-deep"),
    ("saffron-ink", "saffron-wash"), ("saffron-ink", "sheet"), ("saffron-ink", "paper"),
    ("danger", "danger-wash"), ("danger", "sheet"), ("danger", "paper"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text, ground):
    colours = tokens()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("line", ["rule-strong", "lapis"])
@pytest.mark.parametrize("ground", ["sheet", "paper"])
def test_borders_of_controls_can_be_seen(line, ground):
    colours = tokens()
    assert contrast(colours[line], colours[ground]) >= 3


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
