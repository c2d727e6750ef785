"""Makes the font files of the papers from the packages of the font makers. Run by hand when letters are added; never at run time.

    npm pack @expo-google-fonts/noto-sans @expo-google-fonts/vazirmatn     (unpack both into DIRECTORY/noto-sans, DIRECTORY/vazirmatn)
    pip install fonttools
    python -m panoh.papers.font_subsets DIRECTORY

Typst needs whole TrueType fonts where the pages of the site take woff2 by script, so papers have files of their own. Kept are Latin with
the marks of romanised names, Cyrillic with the Tajik letters, and the Persian, Afghan and Pashto letters of the Arabic script. Licence of
both families: SIL Open Font Licence 1.1, beside the files.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parent / "fonts"

LATIN_AND_CYRILLIC = (
    "0020-007E,00A0-017F,01E6,01E7,0218-021B,02BB-02BF,0300-0304,0307,0308,030C,0323,1E0C-1E96,0400-045F,0490-04FF,"
    "2010-2015,2018-201E,2020-2022,2026,2030,2032,2033,2039,203A,20AC,2116,2190-2193,2212,25CC"
)
ARABIC = "0600-061C,061E-06FF,200C-200F,2066-2069,FDFC,FDF2,25CC"

SOURCES = {
    "NotoSans-Regular.ttf": ("noto-sans/400Regular/NotoSans_400Regular.ttf", LATIN_AND_CYRILLIC),
    "NotoSans-SemiBold.ttf": ("noto-sans/600SemiBold/NotoSans_600SemiBold.ttf", LATIN_AND_CYRILLIC),
    "NotoSans-Bold.ttf": ("noto-sans/700Bold/NotoSans_700Bold.ttf", LATIN_AND_CYRILLIC),
    "Vazirmatn-Regular.ttf": ("vazirmatn/400Regular/Vazirmatn_400Regular.ttf", ARABIC),
    "Vazirmatn-SemiBold.ttf": ("vazirmatn/600SemiBold/Vazirmatn_600SemiBold.ttf", ARABIC),
    "Vazirmatn-Bold.ttf": ("vazirmatn/700Bold/Vazirmatn_700Bold.ttf", ARABIC),
}


def make(source: Path, characters: str, target: Path) -> int:
    from fontTools.subset import Options, Subsetter, parse_unicodes
    from fontTools.ttLib import TTFont

    font = TTFont(source)
    options = Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = ["*"]  # names and licence travel with the file
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(characters))
    subsetter.subset(font)
    font.save(target)
    return target.stat().st_size


def main(directory: str) -> None:
    for name, (source, characters) in SOURCES.items():
        size = make(Path(directory) / source, characters, TARGET / name)
        sys.stdout.write(f"{name}: {size / 1024:.0f} KB\n")


if __name__ == "__main__":
    main(sys.argv[1])
