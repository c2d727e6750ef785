"""One act on a file as a page offers it, and the fields that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.days import DayField
from panoh.kernel.problems import Problem
from panoh.registry.models import Household, Person
from panoh.registry.operations.suggestions import Confirm
from panoh.registry.second_look import ask_once


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


@dataclass(frozen=True)
class Part:
    """Fields that belong together on a page. `fold` is "open" or "closed" for those that are seldom needed."""

    legend: Any
    fields: list[Any]
    fold: str = ""


class EventForm(forms.Form):
    """A form about one file. `base` is the version the page was made from; `submission_id` makes resending safe."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    lead: Any = ""
    suggested: Iterable[str] = ()
    """What a field with `list="suggested"` offers while it is typed."""

    def __init__(self, *args: Any, by: Actor, thing: Any, members: list[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        self.by, self.thing, self.members = by, thing, members
        self.prepare()

    def prepare(self) -> None:
        """Add the fields that depend on the file."""

    @property
    def parts(self) -> list[Part]:
        """The fields in the order of the page; what is seldom needed is folded away."""
        return [Part("", self.visible_fields())]

    def part(self, legend: Any, names: Iterable[str], *, folded: bool = False) -> Part:
        """Some fields under one legend. A folded part stands open where something in it was typed or is wrong."""
        fields = [self[name] for name in names if name in self.fields]
        if not folded:
            return Part(legend, fields)
        return Part(legend, fields, "open" if any(field.errors or field.value() for field in fields) else "closed")

    def rest(self, *parts: Part) -> Part:
        """What stands in none of these parts."""
        told = {field.name for part in parts for field in part.fields}
        return Part("", [field for field in self.visible_fields() if field.name not in told])

    def field_of(self, path: str) -> str:
        """The field that a rule's Problem is about, from the place it names (`names.0.given`)."""
        return "birth_year" if path == "birth" else path.removeprefix("names.0.")

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

    def ask_once(self, told: Any, warnings: Iterable[Problem] = ()) -> Confirm:
        """What the operation asks before it writes; the second press answers it."""
        return ask_once(told, self.data.get("seen", ""), warnings)

    def member(self, text: str) -> Person | None:
        return next((member for member in self.members if str(member.pk) == text), None)

    # -- relationships of several members at once

    def ask_relationships(self, members: Iterable[Person], prefix: str = "relationship") -> None:
        """One choice for each member: how she stands to the principal applicant."""
        options = [("", _("choose")), *others_than_principal()]
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


def others_than_principal() -> list[tuple[str, str]]:
    return [choice for choice in choices("relationship") if choice[0] != "PA"]


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


def day_field(label: Any, *, initial: Any = timezone.localdate, **more: Any) -> DayField:
    return DayField(label=label, initial=initial, **more)


def evidence_field() -> forms.CharField:
    return forms.CharField(label=_("On which evidence"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


def member_choices(members: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(member.pk), shown_name(member)) for member in members]
