"""Makes the font files of the site from the packages of the font makers. Run by hand when letters are added; never at run time.

    npm pack @fontsource-variable/noto-sans @fontsource-variable/vazirmatn     (unpack both into DIRECTORY/noto-sans, DIRECTORY/vazirmatn)
    pip install fonttools brotli
    python -m panoh.web.font_subsets DIRECTORY

Each script is a file of its own, so that a browser fetches only what a page shows (`unicode-range` in panoh.css). The file
`labels` holds just the letters of the four languages' own names and of the site's name: without it every English page
would fetch three scripts for the sake of a few words. Licence of both families: SIL Open Font Licence 1.1, beside the files.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

TARGET = Path(__file__).parent / "static" / "web" / "fonts"
WEIGHTS = (400, 700)

#: file → (source, characters). Persian and Afghan letters, Pashto among them; Tajik Cyrillic; the marks of romanised names.
SUBSETS: dict[str, tuple[str, str]] = {
    "noto-latin": (
        "noto-sans/files/noto-sans-latin-wght-normal.woff2",
        "U+0020-007E U+00A0-00FF U+2013 U+2014 U+2018-201E U+2022 U+2026 U+2039 U+203A U+20AC",
    ),
    "noto-romanised": (
        "noto-sans/files/noto-sans-latin-ext-wght-normal.woff2",
        "U+0100 U+0101 U+0112 U+0113 U+011E U+011F U+0120 U+0121 U+012A U+012B U+014C U+014D U+0160 U+0161 U+016A U+016B U+017D U+017E "
        "U+01E6 U+01E7 U+02BB-02BF U+1E0C U+1E0D U+1E24 U+1E25 U+1E62 U+1E63 U+1E6C U+1E6D U+1E92 U+1E93 U+1E94-1E96",
    ),
    "noto-cyrillic": ("noto-sans/files/noto-sans-cyrillic-wght-normal.woff2", "U+0401 U+0410-044F U+0451 U+2116"),
    "noto-tajik": (
        "noto-sans/files/noto-sans-cyrillic-ext-wght-normal.woff2",
        "U+0492 U+0493 U+049A U+049B U+04B2 U+04B3 U+04B6 U+04B7 U+04E2 U+04E3 U+04EE U+04EF",
    ),
    "vazirmatn-arabic": (
        "vazirmatn/files/vazirmatn-arabic-wght-normal.woff2",
        "U+060C U+061B U+061F U+0621-063A U+0640-0652 U+0654 U+0660-066C U+0670 U+0671 U+0679 U+067C U+067E U+0681 U+0685-0686 U+0688-0689 "
        "U+0691 U+0693 U+0696 U+0698 U+069A U+06A9 U+06AB U+06AF U+06BA U+06BC U+06BE U+06C0 U+06C1 U+06CC U+06CD U+06D0 U+06D2 U+06D4 U+06F0-06F9 "
        "U+200C-200F",
    ),
    "labels-cyrillic": ("noto-sans/files/noto-sans-cyrillic-wght-normal.woff2", "РусскийТоикпанҷӣҳ"),
    "labels-arabic": ("vazirmatn/files/vazirmatn-arabic-wght-normal.woff2", "دریپناه"),
}


def make(source: Path, characters: str) -> bytes:
    from fontTools.subset import Options, Subsetter, parse_unicodes
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source)
    options = Options()
    options.hinting = False
    options.flavor = "woff2"
    options.layout_features = ["*"]
    options.name_IDs = [0, 1, 2, 13, 14]  # names and licence travel with the file
    subsetter = Subsetter(options)
    if characters.startswith("U+"):
        subsetter.populate(unicodes=parse_unicodes(characters.replace("U+", "").replace(" ", ",")))
    else:
        subsetter.populate(text=characters)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def main(directory: str) -> None:
    for name, (source, characters) in SUBSETS.items():
        made = make(Path(directory) / source, characters)
        (TARGET / f"{name}.woff2").write_bytes(made)
        sys.stdout.write(f"{name}: {len(made) / 1024:.1f} KB\n")


if __name__ == "__main__":
    main(sys.argv[1])
