"""How well places are recognised: every spelling of the published lists, alone and within a sentence, to the right p-code.

    python benchmarks/library_places.py ../shared/data/places [--show]

Names that two places of the list bear count as right when they are asked about with the right one among the answers.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SENTENCES = {
    "en": "The families came from {} in the spring.",
    "ru": "Семьи приехали весной, место: {}, и ждут.",
    "tg": "Оилаҳо аз {} омаданд.",
    "fa": "خانواده ها از {} آمدند.",
}


def districts(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(list, name, p-code): districts and regions in English and Tajik; earlier names of the rulebook."""
    from panoh.rulebook import current

    with (folder / "tjk_admin_pcodes.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield "districts, English", row["name_en"], row["pcode"]
            yield "districts, Tajik", row["name_tg"], row["pcode"]
    for place in current().places.values():
        if place.country == "TJK":
            for alias in place.aliases:
                if "[" in alias:
                    yield "former names", re.sub(r"\s*\[.*", "", alias), place.code
            yield "districts, Russian", re.sub(r"\s*\(.*", "", place.titles["ru"]), place.code
            yield "districts, Persian", re.sub(r"\s*\(.*", "", place.titles["prs"]), place.code


def villages(folder: Path) -> Iterator[tuple[str, str, str]]:
    with (folder / "tjk_localities_wof_geonames.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for column, language in (("name_tg", "Tajik"), ("name_ru", "Russian"), ("name_fa", "Persian")):
                if row[column] and row["adm2_pcode"]:
                    yield f"villages, {language}", row[column], row["adm2_pcode"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
    import django

    django.setup()
    from panoh.library.gazetteer import gazetteer

    found = gazetteer()
    for names in (list(districts(arguments.places)), list(villages(arguments.places))):
        bearers: defaultdict[str, set[str]] = defaultdict(set)
        for _list, name, code in names:
            bearers[name].add(code)
        counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for listed, name, code in names:
            told = counted[listed]
            told[0] += 1
            language = (
                "fa"
                if re.search("[\u0600-\u06ff]", name)
                else "ru"
                if "Russian" in listed
                else "tg"
                if re.search("[\u0400-\u04ff]", name)
                else "en"
            )
            for place, text in ((1, name), (2, SENTENCES[language].format(name))):
                mentions = found.find(text)
                codes = {one for mention in mentions for one in mention.codes}
                asked = any(mention.asks for mention in mentions)
                right = code in codes and (not asked or len(bearers[name]) > 1 or len(codes - {""}) > 1)
                told[place] += right
                told[3] += place == 2 and asked
                if not right and arguments.show:
                    print(f"  {listed}: {name} is {code}, found {sorted(codes)} in {text!r}")
        for listed, (many, alone, within, asked) in counted.items():
            print(
                f"{listed:20} {many:4} names   alone {alone / many:7.2%}   in a sentence {within / many:7.2%}   of them asked about {asked / many:6.1%}"
            )


if __name__ == "__main__":
    main()
