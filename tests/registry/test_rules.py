"""The rules of data quality: each refusal beside a registration that passes, and any input at all."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry import numbering
from panoh.registry.registration import ConsentEntry, NeedEntry, PaperEntry, PersonEntry, Registration, content_sha256
from panoh.registry.rules import check_registration, clean_photo, clean_registration, registration_warnings
from panoh.registry.rules.population import birth_reason, decrease_reason
from panoh.rulebook import current
from tests.registry.families import ARRIVED, TODAY, five, person

OFFICE = uuid4()
GOOD = five(OFFICE)


@pytest.fixture(scope="module")
def book():
    return current()


def problems_of(registration, book, on=TODAY):
    try:
        check_registration(registration, on, book.codes, places=book.places, region="TJ")
    except Problem as refusal:
        return {(one.field, one.code) for one in refusal.each()}
    return set()


def with_person(index, **changes):
    persons = list(GOOD.persons)
    persons[index] = replace(persons[index], **changes)
    return replace(GOOD, persons=tuple(persons))


def test_the_good_registration_passes(book):
    assert problems_of(GOOD, book) == set()


LATIN = PersonName("Latn", "Najib", family="Ahmadi")
GREGORIAN = BirthDate.from_parts


@pytest.mark.parametrize(
    ("registration", "field", "code"),
    [
        (replace(GOOD, persons=()), "persons", "registry.household.no_persons"),
        (replace(GOOD, persons=GOOD.persons * 13), "persons", "registry.household.too_many_persons"),
        (with_person(0, relationship="HUS"), "persons.0.relationship", "registry.household.no_principal_applicant"),
        (with_person(1, relationship="PA"), "persons.1.relationship", "registry.household.two_principal_applicants"),
        (replace(GOOD, arrived_on=None), "arrived_on", "registry.value.missing"),
        (replace(GOOD, arrived_on=TODAY + timedelta(days=1)), "arrived_on", "registry.value.day_in_future"),
        (replace(GOOD, arrived_on=date(1812, 6, 24)), "arrived_on", "registry.value.day_too_early"),
        (replace(GOOD, entry_point="NOWHERE"), "entry_point", "registry.value.unknown_code"),
        (replace(GOOD, residence_place="99"), "residence_place", "registry.value.unknown_place"),
        (replace(GOOD, residence_place=""), "residence_place", "registry.value.missing"),
        (replace(GOOD, residence_detail="a\x00b"), "residence_detail", "registry.value.control_character"),
        (replace(GOOD, residence_detail="x" * 501), "residence_detail", "registry.value.too_long"),
        (replace(GOOD, phone="12"), "phone", "registry.value.phone_invalid"),
        (with_person(0, names=()), "persons.0.names.0.given", "registry.person.no_name"),
        (with_person(0, names=(LATIN, LATIN)), "persons.0.names.1.given", "registry.person.two_names_in_script"),
        (with_person(2, names=(replace(LATIN, given=""),)), "persons.2.names.0.given", "kernel.name.empty"),
        (with_person(2, names=(replace(LATIN, given="Naj1b"),)), "persons.2.names.0.given", "kernel.name.digit"),
        (with_person(2, names=(replace(LATIN, father="a\u202eb"),)), "persons.2.names.0.father", "kernel.name.direction_mark"),
        (with_person(2, aliases=(replace(LATIN, given="\x07"),)), "persons.2.aliases.0.given", "kernel.name.control_character"),
        (with_person(0, sex="X"), "persons.0.sex", "registry.value.unknown_code"),
        (with_person(0, sex=""), "persons.0.sex", "registry.value.missing"),
        (with_person(0, nationality="Afghan"), "persons.0.nationality", "registry.value.unknown_code"),
        (with_person(0, marital="XX"), "persons.0.marital", "registry.value.unknown_code"),
        (with_person(0, education="99"), "persons.0.education", "registry.value.unknown_code"),
        (with_person(0, religion="99"), "persons.0.religion", "registry.value.unknown_code"),
        (with_person(0, languages=("PRS", "PRS")), "persons.0.languages.1", "registry.person.language_twice"),
        (with_person(1, sex="M"), "persons.1.relationship", "registry.person.relationship_sex"),
        (with_person(3, birth=GREGORIAN("gregorian", 2027)), "persons.3.birth", "registry.person.born_in_future"),
        (with_person(2, birth=GREGORIAN("gregorian", 1890)), "persons.2.birth", "registry.person.too_old"),
        (with_person(3, birth=GREGORIAN("gregorian", 1970)), "persons.3.birth", "registry.household.parent_not_older"),
        (with_person(2, birth=GREGORIAN("gregorian", 1999)), "persons.2.birth", "registry.household.parent_not_older"),
        (with_person(0, birth=GREGORIAN("gregorian", 2026, 3, 15)), "persons.0.birth", "registry.person.arrived_before_birth"),
        (with_person(4, arrived_on=date(2010, 1, 1)), "persons.4.arrived_on", "registry.person.arrived_before_birth"),
        (with_person(4, names=GOOD.persons[3].names, sex="M", relationship="SON", birth=GOOD.persons[3].birth),
         "persons.4.names.0.given", "registry.household.person_twice"),
        (with_person(0, papers=(PaperEntry("PASSPORT", "P<1"),)), "persons.0.papers.0.number", "registry.paper.number_not_alphanumeric"),
        (with_person(0, papers=(PaperEntry("PASSPORT", "--"),)), "persons.0.papers.0.number", "registry.paper.number_missing"),
        (with_person(0, papers=(PaperEntry("LICENCE", "1"),)), "persons.0.papers.0.kind", "registry.value.unknown_code"),
        (with_person(0, papers=(PaperEntry("PASSPORT", "P1"), PaperEntry("PASSPORT", "p-1"))), "persons.0.papers.1.number", "registry.paper.twice"),
        (with_person(0, papers=(PaperEntry("PASSPORT", "P1", "AFG", date(2020, 1, 2), date(2020, 1, 1)),)),
         "persons.0.papers.0.expires_on", "registry.paper.expires_before_issue"),
        (with_person(3, papers=(PaperEntry("PASSPORT", "P1", "AFG", date(2000, 1, 2)),)), "persons.3.papers.0.issued_on", "registry.paper.before_birth"),
        (with_person(0, needs=(NeedEntry("ZZ-ZZ"),)), "persons.0.needs.0.code", "registry.value.unknown_code"),
        (with_person(0, needs=(NeedEntry("LP-ND"), NeedEntry("LP-ND"))), "persons.0.needs.1.code", "registry.need.twice"),
        (with_person(0, needs=(NeedEntry("LP-ND", TODAY, until=ARRIVED),)), "persons.0.needs.0.until", "registry.need.ends_before_start"),
        (with_person(0, needs=(NeedEntry("LP-ND", source="rumour"),)), "persons.0.needs.0.source", "registry.value.unknown_code"),
        (replace(GOOD, consents=(ConsentEntry("fun", OFFICE, "oral", "PRS", TODAY),)), "consents.0.purpose", "registry.value.unknown_code"),
        (replace(GOOD, consents=(ConsentEntry("assistance", OFFICE, "oral", "PRS", TODAY, 9),)), "consents.0.person", "registry.consent.no_such_person"),
        (replace(GOOD, consents=(ConsentEntry("assistance", OFFICE, "oral", "PRS", TODAY),) * 2), "consents.1.purpose", "registry.consent.twice"),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_field(book, registration, field, code):
    assert (field, code) in problems_of(registration, book)


def test_a_solar_hijri_year_taken_for_gregorian_is_refused_where_it_is_read():
    with pytest.raises(Problem, match="year_out_of_range"):
        BirthDate.from_parts("gregorian", 1360)


def test_all_faults_are_told_at_once(book):
    broken = replace(with_person(0, sex="X", nationality="??"), arrived_on=None, phone="1")
    assert len(problems_of(broken, book)) >= 4


@pytest.mark.parametrize(
    ("registration", "code"),
    [
        (with_person(4, marital="MA"), "registry.warning.child_marriage"),
        (with_person(1, birth=BirthDate.from_age(15, TODAY)), "registry.warning.child_marriage"),
        (with_person(3, birth=BirthDate.from_parts("gregorian", 1991, 1, 1)), "registry.warning.parent_very_young"),
        (with_person(4, relationship="WIF"), "registry.warning.several_spouses"),
        (with_person(0, birth=BirthDate.unknown(TODAY)), "registry.warning.birth_unknown"),
        (replace(GOOD, persons=(person("احمد", birth=BirthDate.from_age(15, TODAY)),)), "registry.warning.children_alone"),
        (with_person(0, papers=(PaperEntry("PASSPORT", "P1", "AFG", None, date(2020, 1, 1)),)), "registry.warning.paper_expired"),
        (with_person(1, papers=GOOD.persons[0].papers), "registry.warning.paper_of_two"),
        (with_person(1, papers=(PaperEntry("E_TAZKIRA", "12", "AFG"),)), "registry.warning.paper_number_form"),
        (with_person(3, names=(replace(GOOD.persons[0].names[0], given="نجيب الله"),), birth=GOOD.persons[0].birth, relationship="SBM"),
         "registry.warning.persons_alike"),
    ],
)  # fmt: skip
def test_what_may_be_true_is_a_warning_and_no_refusal(book, registration, code):
    assert problems_of(registration, book) == set()
    assert code in {one.code for one in registration_warnings(registration, TODAY, book.codes)}
    assert code not in {one.code for one in registration_warnings(GOOD, TODAY, book.codes)}


def test_a_year_only_birth_never_refuses_a_family(book):
    """Mother and child born in one Solar Hijri year cannot be; in neighbouring years it is a warning, not a refusal."""
    mother = with_person(2, birth=BirthDate.from_parts("solar_hijri", 1360))
    assert ("persons.2.birth", "registry.household.parent_not_older") not in problems_of(mother, book)


def test_cleaning_gives_one_form(book):
    cleaned = clean_registration(GOOD, "TJ")
    assert cleaned.persons[0].phone == "+992935551234"
    assert clean_registration(cleaned, "TJ") == cleaned
    assert content_sha256(cleaned) == content_sha256(clean_registration(GOOD, "TJ"))
    assert content_sha256(cleaned) != content_sha256(GOOD)


TEXT = st.text(max_size=30)
CODE = st.sampled_from(["", "M", "F", "PA", "SON", "AFG", "MA", "XX", "\x00", "ё" * 60])
DAY = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
NAMES = st.builds(PersonName, st.sampled_from(["Arab", "Cyrl", "Latn"]), TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
BIRTHS = st.dates(date(1801, 1, 1), date(2199, 1, 1)).map(lambda day: BirthDate(day, day, "day"))
PAPERS = st.builds(PaperEntry, CODE, TEXT, CODE, DAY, DAY)
NEEDS = st.builds(NeedEntry, CODE, DAY, TEXT, DAY)
PERSONS = st.builds(
    PersonEntry,
    names=st.lists(NAMES, max_size=2).map(tuple),
    sex=CODE,
    birth=BIRTHS,
    nationality=CODE,
    relationship=CODE,
    marital=CODE,
    papers=st.lists(PAPERS, max_size=2).map(tuple),
    needs=st.lists(NEEDS, max_size=2).map(tuple),
    languages=st.lists(CODE, max_size=2).map(tuple),
    phone=TEXT,
    arrived_on=DAY,
    aliases=st.lists(NAMES, max_size=1).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(
    st.builds(
        Registration,
        arrived_on=DAY,
        entry_point=CODE,
        office_id=st.just(OFFICE),
        persons=st.lists(PERSONS, max_size=4).map(tuple),
        residence_place=CODE,
        residence_detail=TEXT,
        phone=TEXT,
    )
)
def test_any_registration_passes_or_gets_problems(registration):
    book = current()
    found = problems_of(registration, book)
    assert all(field and code for field, code in found)
    if not found:
        clean_registration(registration, "TJ")
    registration_warnings(registration, TODAY, book.codes)


# -- numbers ----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 999_999), st.sampled_from(["102", "TJ1", "A", "9Z"]), st.integers(2000, 2099))
def test_numbers_come_back_however_they_are_typed(serial, prefix, year):
    for number in (numbering.household_number(prefix, year, serial), numbering.person_number(prefix, serial)):
        for typed in (number, number.lower(), f" {number} ", number.replace("-", "–"), number.replace("-", ""),
                      number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))):  # fmt: skip
            assert numbering.find_number(typed).text == number


@given(st.integers(1, 99_999_999), st.data())
def test_one_wrong_digit_is_found(serial, data):
    number = numbering.person_number("102", serial)
    place = data.draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit() and i > 3]))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    with pytest.raises(Problem, match="misread"):
        numbering.find_number(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=60))
def test_other_text_is_no_number(text):
    try:
        found = numbering.find_number(text)
    except Problem as refusal:
        assert refusal.code == "registry.number.misread"
    else:
        assert found is None or numbering.check_digit(found.text[:-1]) == found.text[-1]


# -- photos -----------------------------------------------------------------------------------------------------------


def picture(width=640, height=480, kind="JPEG", **more) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def test_a_photo_is_scaled_and_stripped():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    photo = clean_photo(picture(1600, 1200, exif=exif))
    assert max(photo.width, photo.height) == 800
    assert b"taken at home" not in photo.image
    assert clean_photo(picture(kind="PNG")).image.startswith(b"\xff\xd8")


def bomb() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""
    small = picture(20, 20, "PNG")
    import struct
    import zlib

    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_readable"),
        (b"GIF89a" + b"\0" * 40, "not_readable"),
        (picture()[:700], "not_readable"),
        (picture(10, 400, "PNG"), "too_small"),
        (bomb(), "too_large"),
        (b"\xff\xd8" + b"\0" * (50 * 1024 * 1024), "too_heavy"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_readable"),
    ],
)
def test_what_is_no_photo_is_refused(data, code):
    with pytest.raises(Problem) as refusal:
        clean_photo(data, "photo")
    assert refusal.value.code == f"registry.photo.{code}"
    assert refusal.value.field == "photo"


# -- population -------------------------------------------------------------------------------------------------------


def test_every_closure_has_its_line_for_every_group_or_is_refused(book):
    for closure in book.codes["closure_reasons"]:
        for group in ("REF", "ASY", "STA", "OIP", "OOC"):
            try:
                reason = decrease_reason(group, closure, book.codes)
            except Problem as refusal:
                assert refusal.code == "registry.closure.not_for_group"
            else:
                assert book.codes["status_changes"][reason].attributes["direction"] == "out", (closure, group)
        assert decrease_reason("", closure, book.codes) == ""


def test_deportation_is_never_counted_as_a_return(book):
    assert decrease_reason("REF", "DEPORTATION", book.codes) == "REFOTHDEC"
    assert decrease_reason("REF", "VOLUNTARY_REPATRIATION", book.codes) == "VOLREP"


def test_a_birth_enters_every_group_by_a_known_line(book):
    for group in ("REF", "ASY", "STA", "OIP", "OOC"):
        assert birth_reason(group, book.codes) in book.codes["status_changes"]
