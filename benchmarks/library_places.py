"""How well places are recognised: every spelling of the published lists, alone, within a sentence, and with the endings of its language.

    python benchmarks/library_places.py ../shared/data/places [--show]

Right is an answer that gives the p-code of the list: the only one where no other place of the lists bears the name, else one of those
that are asked about. Where several places bear a name and one is answered without asking, that is a guess, and wrong for every bearer
(a country, a region and a capital excepted, which are meant by their names alone: their namesakes count as wrong).
A village stands for the district it lies in. Spellings: districts and regions as the p-code list, the rulebook and Who's On First
write them; earlier names; villages in Tajik, Russian and Persian.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

SENTENCES = {
    "en": "The families came from {} in the spring.",
    "ru": "Семьи приехали весной, место: {}, и ждут.",
    "tg": "Оилаҳо аз {} омаданд.",
    "fa": "خانواده ها از {} آمدند.",
}


def districts(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(list, name, p-code)."""
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
    for feature in json.loads((folder / "tjk_adm2_wof_meso_cc0_simplified.geojson").read_text())["features"]:
        told = feature["properties"]
        for column, language in (("name_tg", "Tajik"), ("name_ru", "Russian"), ("name_fa", "Persian")):
            if told[column] and told["adm2_pcode"]:
                yield f"districts, {language}, WOF", told[column], told["adm2_pcode"]


def villages(folder: Path) -> Iterator[tuple[str, str, str]]:
    with (folder / "tjk_localities_wof_geonames.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for column, language in (("name_tg", "Tajik"), ("name_ru", "Russian"), ("name_fa", "Persian")):
                if row[column] and row["adm2_pcode"]:
                    yield f"villages, {language}", row[column], row["adm2_pcode"]


def language_of(listed: str, name: str) -> str:
    if re.search("[\u0600-\u06ff]", name):
        return "fa"
    if not re.search("[\u0400-\u04ff]", name):
        return "en"
    return "ru" if "Russian" in listed else "tg"


def bent(name: str, language: str) -> list[str]:
    """The name as texts of its language have it: cases in Russian, joints and endings in Tajik and Persian."""
    if language == "tg":
        return [f"Дар {name} будем.", f"Онҳо {name}ро тарк карданд.", f"Сокинони {name}и мо омаданд."]
    if language == "fa":
        return [f"در {name} بودند", f"آنها {name} را ترک کردند", f"مردم {name}ی آمدند", f"از {name}‌ها آمدند"]
    if language != "ru" or " " in name or name.endswith(("о", "и", "у", "ы")):
        return []
    if name.endswith(("а", "я")):
        soft = name.endswith("я")
        endings = ("и" if soft or name[-2] in "гкхжчшщ" else "ы", "е", "ю" if soft else "у", "ей" if soft else "ой")
        stems = [name[:-1] + one for one in endings]
    elif name.endswith(("й", "ь")):
        stems = [name[:-1] + one for one in ("я", "ю", "е", "ем")]
    elif name.endswith("е"):
        return []
    else:
        stems = [name + one for one in ("а", "у", "ом", "е")]
    cases = [f"из {stems[0]}", f"к {stems[1]}", f"за {stems[2]}", f"в {stems[3]}"]
    return [f"Люди уехали {one} весной." for one in cases]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
    import django

    django.setup()
    from panoh.library.gazetteer import gazetteer
    from panoh.library.rules.places import folded
    from panoh.rulebook import current

    found = gazetteer()
    listed_names = [*districts(arguments.places), *villages(arguments.places)]
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for _list, name, code in listed_names:
        bearers[folded(name)].add(code)
    meant = {code for code, place in current().places.items() if place.level in ("0", "1")}
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 7)
    for listed, name, code in listed_names:
        told = counted[listed]
        language = language_of(listed, name)
        told[0] += 1
        told[6] += len(bearers[folded(name)]) > 1
        for place, texts in ((1, [name]), (2, [SENTENCES[language].format(name)]), (4, bent(name, language))):
            for text in texts:
                mentions = found.find(text)
                codes = [one for mention in mentions for one in mention.codes]
                alone = len(set(codes)) == 1 and not any(mention.asks for mention in mentions)
                guess = alone and len(bearers[folded(name)]) > 1 and codes[0] not in meant
                right = code in codes and not guess
                told[place] += right
                told[3] += place == 2 and not alone
                told[5] += place == 4
                if not right and arguments.show:
                    print(f"  {listed}: {name} is {code}, found {codes} in {text!r}")
    for listed, (many, alone, within, asked, ended, endings, shared) in counted.items():
        print(
            f"{listed:24} {many:4} names   alone {alone / many:7.2%}   in a sentence {within / many:7.2%}"
            f"   with endings {f'{ended / endings:7.2%}' if endings else '      –'}"
            f"   asked about {asked / many:6.1%} (several bear {shared / many:6.1%})"
        )


if __name__ == "__main__":
    main()
