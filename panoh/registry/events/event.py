"""One act on a file as a page offers it, and the fields that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName, script_of
from panoh.kernel.problems import Problem
from panoh.registry.models import Household, Person
from panoh.registry.sheet import read_birth


def is_open(thing: Any) -> bool:
    return thing.status == "open"


@dataclass(frozen=True)
class Event:
    """Where it stands (`/households/<number>/<slug>`), who may, what is asked, on which files it is offered."""

    slug: str
    title: Any
    verb: str
    form: type[EventForm]
    offered: Callable[[Any], bool] = is_open


class EventForm(forms.Form):
    """A form about one file. `base` is the version the page was made from; `submission_id` makes resending safe."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    lead: Any = ""

    def __init__(self, *args: Any, by: Actor, thing: Any, members: list[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        self.by, self.thing, self.members = by, thing, members
        self.prepare()

    def prepare(self) -> None:
        """Add the fields that depend on the file."""

    def carry_out(self) -> Any:
        """Call the operation with what was typed."""
        raise NotImplementedError

    @property
    def household(self) -> Household:
        return self.thing if isinstance(self.thing, Household) else self.thing.household

    @property
    def frame(self) -> dict[str, Any]:
        """What every operation takes: who, the version seen, the submission."""
        return {
            "by": self.by,
            "base": self.cleaned_data["base"],
            "submission_id": self.cleaned_data["submission_id"],
        }

    def member(self, text: str) -> Person | None:
        return next((member for member in self.members if str(member.pk) == text), None)

    # -- relationships of several members at once

    def ask_relationships(self, members: Iterable[Person], prefix: str = "relationship") -> None:
        """One choice for each member: how she stands to the principal applicant."""
        options = [("", _("choose")), *(c for c in choices("relationship") if c[0] != "PA")]
        for member in members:
            self.fields[f"{prefix}_{member.pk}"] = forms.ChoiceField(
                label=shown_name(member), choices=options, required=False, initial=kept_relationship(member)
            )

    def told_relationships(self, *, without: Iterable[UUID] = (), prefix: str = "relationship") -> dict[UUID, str]:
        left_out = set(without)
        told = {
            UUID(name.removeprefix(f"{prefix}_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{prefix}_") and value
        }
        return {person_id: value for person_id, value in told.items() if person_id not in left_out}


def kept_relationship(member: Person) -> str:
    return "" if member.relationship == "PA" else member.relationship


def shown_name(person: Person) -> str:
    names = list(person.names.all())
    return f"{names[0]} ({person.number})" if names else person.number


def choices(list_name: str, **attributes: str) -> list[tuple[str, str]]:
    """A code list of the country in the reader's language."""
    book = rulebook.current()
    codes = book.codes[list_name].where(**attributes) if attributes else book.codes[list_name].values()
    today = timezone.localdate()
    return [(code.code, book.text(code.titles, get_language() or "en")) for code in codes if code.is_in_force(today)]


def code_field(label: Any, list_name: str, *, required: bool = True, **attributes: str) -> forms.ChoiceField:
    """A choice from a code list, read when the form is made: the reader's language is known only then."""
    return forms.ChoiceField(
        label=label, required=required, choices=lambda: [("", _("choose")), *choices(list_name, **attributes)]
    )


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        **more,
    )


def member_choices(members: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(member.pk), shown_name(member)) for member in members]


class NameFields(forms.Form):
    """A name in parts and a birth as told."""

    given = forms.CharField(label=_("Given name"), max_length=100)
    father = forms.CharField(label=_("Father’s name"), max_length=100, required=False)
    grandfather = forms.CharField(label=_("Grandfather’s name"), max_length=100, required=False)
    family = forms.CharField(label=_("Family name"), max_length=100, required=False)
    birth_calendar = forms.ChoiceField(
        label=_("Calendar"), choices=[("solar_hijri", _("Solar Hijri")), ("gregorian", _("Gregorian"))]
    )
    birth_year = forms.CharField(label=_("Year of birth"), max_length=4, required=False)
    birth_month = forms.CharField(label=_("Month"), max_length=2, required=False)
    birth_day = forms.CharField(label=_("Day"), max_length=2, required=False)

    def told_name(self) -> PersonName:
        parts = {part: self.cleaned_data[part] for part in ("given", "father", "grandfather", "family")}
        return PersonName(script_of(" ".join(parts.values())) or "Latn", **parts)

    def told_birth(self, on: date) -> BirthDate:
        wrong: list[Problem] = []
        birth = read_birth(self.cleaned_data, on, "", wrong)
        if wrong:
            raise wrong[0].on_field("birth_year")
        return birth
