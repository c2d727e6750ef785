"""The code lists and places of Tajikistan: complete, consistent, in four languages and in the right letters."""

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TJ = ROOT / "countries" / "tj"
SHARED = ROOT.parent / "shared" / "data"
CODE_FILES = sorted((TJ / "codes").glob("*.csv"))
PLACE_FILES = sorted((TJ / "places").glob("*.csv"))
COMMON = ["code", "en", "ru", "tg", "prs", "valid_from", "valid_to", "source", "confidence"]

TAJIK_OR_RUSSIAN = re.compile(r"^[\u0400-\u04FF0-9A-Za-z\s.,:;()«»/'’+№—-]+$")
ARABIC = re.compile(r"^[\u0600-\u06FF\u0750-\u077F\u200c\u06f0-\u06f9 0-9.,()/\-–—«»]+$")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows(TJ / "codes" / f"{name}.csv")}


def places(country: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows(TJ / "places" / f"{country}.csv")}


@pytest.mark.parametrize("path", CODE_FILES + PLACE_FILES, ids=lambda path: path.stem)
def test_each_file_has_unique_codes_titles_in_four_languages_and_a_source(path):
    table = rows(path)
    assert table
    assert not [code for code, n in Counter(row["code"] for row in table).items() if n > 1]
    for row in table:
        assert None not in row, f"{path.name}: too many cells at {row['code']}"
        assert None not in row.values(), f"{path.name}: too few cells at {row['code']}"
        for language in ("en", "ru", "tg", "prs"):
            title = row[language]
            assert title and title == title.strip(), (path.name, row["code"], language)
            assert title == unicodedata.normalize("NFC", title), (path.name, row["code"], language)
        assert row["source"]
        assert row["confidence"] in {"verified", "unverified"}


@pytest.mark.parametrize("path", CODE_FILES, ids=lambda path: path.stem)
def test_code_lists_begin_with_the_common_columns(path):
    with path.open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream))[: len(COMMON)] == COMMON


@pytest.mark.parametrize("path", CODE_FILES + PLACE_FILES, ids=lambda path: path.stem)
def test_titles_are_written_in_the_letters_of_their_language(path):
    for row in rows(path):
        assert ARABIC.match(row["prs"].replace("prima facie", "")), (path.name, row["code"], row["prs"])
        # Arabic yeh and kaf look alike in print and differ in search: Dari uses U+06CC and U+06A9.
        assert not set("يكىة") & set(row["prs"]), (path.name, row["code"], row["prs"])
        for language in ("ru", "tg"):
            assert TAJIK_OR_RUSSIAN.match(row[language]), (path.name, row["code"], row[language])
        assert not set("ғӣқӯҳҷ") & set(row["ru"].lower()), (path.name, row["code"], row["ru"])
        # щ, ц, ы and soft sign left the Tajik alphabet in 1998; foreign proper names of countries keep theirs.
        if path.stem != "countries":
            assert not set("щцыь") & set(row["tg"].lower()), (path.name, row["code"], row["tg"])


def test_relationships_are_all_fifty_five_and_their_inverses_agree():
    table = codes("relationship")
    assert len(table) == 55
    for code, row in table.items():
        for column, sex in (("inverse_m", "M"), ("inverse_f", "F")):
            inverse = row[column]
            if not inverse or code == "PA":
                continue
            assert inverse in table
            assert table[inverse]["sex"] in {sex, ""}, (code, column, inverse)
            if row["generation"] and table[inverse]["generation"]:
                assert int(row["generation"]) == -int(table[inverse]["generation"]), (code, inverse)
            # Turning round twice leads to the same kind of kin (a son's father has a son).
            if row["sex"]:
                back = table[inverse]["inverse_m" if row["sex"] == "M" else "inverse_f"]
                assert back == code or table[back]["kin"] == row["kin"], (code, inverse, back)


def test_restricted_needs_are_exactly_those_of_the_rule():
    table = codes("needs")
    assert len(table) == 113
    restricted = {code for code, row in table.items() if row["restricted"] == "yes"}
    for code in table:
        if code.split("-")[0] in {"SV", "TR", "SM"}:
            assert code in restricted, code
    assert {"LP-AP", "LP-CR", "LP-ST"} <= restricted
    assert {"LP-VA", "LP-VF", "LP-VO", "LP-TA", "LP-TO", "LP-VP", "WR-GM"} <= restricted
    assert "DS-PM" not in restricted
    for code, row in table.items():
        assert row["category"] == code.split("-")[0]
        assert (row["legacy"] == "yes") == bool(row["replaced_by"]), code
        if row["replaced_by"]:
            target = table[row["replaced_by"]]
            assert target["legacy"] == "no"
            assert target["restricted"] == row["restricted"], code


def test_every_closure_reason_maps_to_a_status_change_of_the_right_table():
    changes = codes("status_changes")
    for code, row in codes("closure_reasons").items():
        for column, table in (("ref_change", "REFUGEE"), ("asy_change", "RSD")):
            if row[column]:
                assert changes[row[column]]["table"] == table, (code, column)
                assert changes[row[column]]["direction"] == "out"


def test_deportation_is_its_own_reason_and_never_a_departure_of_free_will():
    table = codes("closure_reasons")
    for code in ("DEPORTATION", "REFOULEMENT_AT_BORDER", "EXTRADITION"):
        assert table[code]["voluntary"] == "no"
        assert table[code]["incident"] == "yes"
        assert table[code]["ref_change"] == "REFOTHDEC"
        assert table[code]["scheme_code"] == ""
    assert table["SPONTANEOUS_DEPARTURE"]["scheme_code"] == "REG38"


def test_languages_know_the_traps_of_the_code_table():
    table = codes("languages")
    assert table["PRS"]["iso639_3"] == "prs"
    assert table["GBZ"]["iso639_3"] == "gbz" and "Zoroastrian" in table["GBZ"]["en"]
    assert table["TCK"]["iso639_3"] == "tuk" and "TUK" not in table
    assert table["KDO"]["iso639_3"] == "kir" and "KIR" not in table


def test_countries_keep_the_scheme_of_unhcr_apart_from_iso():
    table = codes("countries")
    assert table["AUT"]["unhcr_code"] == "AUS" and table["AUS"]["unhcr_code"] == "AUL"
    assert table["EGY"]["unhcr_code"] == "ARE" and table["ARE"]["unhcr_code"] == "UAE"
    assert table["TJK"]["unhcr_code"] == "TJK" and table["AFG"]["unhcr_code"] == "AFG"
    assert table["XXA"]["unhcr_code"] == "STA"
    given = [row["unhcr_code"] for row in table.values() if row["unhcr_code"]]
    assert len(given) == len(set(given))


def test_places_of_tajikistan_stand_whole_and_in_order():
    table = places("tj")
    assert Counter(row["level"] for row in table.values()) == {"0": 1, "1": 5, "2": 76}
    children = Counter(row["parent"] for row in table.values() if row["level"] == "2")
    assert children == {"3501000": 4, "3505000": 22, "3507000": 27, "3509000": 15, "3590000": 8}
    titles = [row["en"] for row in table.values()]
    assert len(titles) == len(set(titles)), "a name that stands for two units must say which"
    assert table["3507217"]["en"] == "Kushoniyon" and "Bokhtar" in table["3507217"]["aliases"]
    assert table["3507401"]["en"] == "Bokhtar" and "Qurghonteppa" in table["3507401"]["aliases"]


def test_places_of_afghanistan_stand_whole_and_in_order():
    table = places("af")
    assert Counter(row["level"] for row in table.values()) == {"0": 1, "1": 34, "2": 401}
    for row in table.values():
        if row["level"] == "2":
            assert row["parent"] == row["code"][:4] and row["parent"] in table


@pytest.mark.parametrize("name", ["tj", "af"])
def test_aliases_follow_their_form(name):
    form = re.compile(r"^[^\[\];]+( \[(\d{4})?\.\.(\d{4})?\])?$")
    for row in places(name).values():
        for alias in filter(None, (part.strip() for part in row["aliases"].split(";"))):
            assert form.match(alias), (row["code"], alias)


def test_entry_points_lie_in_places_of_tajikistan():
    table = places("tj")
    for code, row in codes("entry_points").items():
        assert not row["place"] or row["place"] in table, code


@pytest.mark.skipif(
    not SHARED.exists(), reason="the public data sets stand beside the repository only where it is developed"
)
def test_codes_and_places_agree_with_their_sources():
    def column(path: str, name: int = 0) -> set[str]:
        with (SHARED / path).open(encoding="utf-8-sig", newline="") as stream:
            return {row[name].strip() for row in list(csv.reader(stream))[1:] if row} - {"-", ""}

    assert column("rrf/rrf_RelationshipCode.csv") == set(codes("relationship"))
    assert column("rrf/rrf_ReligionCode.csv") == set(codes("religion"))
    assert column("rrf/rrf_MaritalStatusCode.csv") == set(codes("marital"))
    assert column("rrf/rrf_SexCode.csv") == set(codes("sex"))
    assert column("rrf/rrf_EducationLevelCode.csv") == set(codes("education"))
    assert set(codes("languages")) <= column("rrf/rrf_LanguageCode.csv")
    assert set(codes("ethnicity")) <= column("rrf/rrf_EthnicityCode.csv")
    assert column("codes/progres_v3_specific_needs_raw.csv") == set(codes("needs"))
    assert column("places/tjk_admin_pcodes.csv", 1) == {c for c, row in places("tj").items() if row["level"] != "0"}
    assert column("places/afg_admin_pcodes_cod.csv", 2) >= {c for c, row in places("af").items() if row["level"] != "0"}
    seen = set()
    with (SHARED / "unhcr/demographics_asylum_TJK.csv").open(encoding="utf-8", newline="") as stream:
        seen = {row["location"] for row in csv.DictReader(stream)}
    assert seen <= {row["unhcr_location"] for row in places("tj").values()}
