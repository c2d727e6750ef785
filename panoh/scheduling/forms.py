"""The forms of missions. They draw fields and read days, hours and numbers; whether these are possible the operations say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from panoh import rulebook
from panoh.access.days import DayField
from panoh.procedures.forms import ActionForm
from panoh.rulebook.model import Action, Field
from panoh.scheduling.operations.listing import Wishes
from panoh.scheduling.operations.preparing import Hours
from panoh.scheduling.words import urgency_title

CHOOSE = ("", _("Choose"))
SEX = [("F", pgettext_lazy("officer or interpreter", "woman")), ("M", pgettext_lazy("officer or interpreter", "man"))]
WISH = [("", _("no wish")), *SEX]


def _hour(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


def _day(**more: Any) -> forms.DateField:
    return DayField(**more)


def _text(**more: Any) -> forms.CharField:
    return forms.CharField(widget=forms.TextInput(attrs={"dir": "auto"}), **more)


def language_choices(language: str) -> list[tuple[str, str]]:
    """Languages in which people are heard, by title."""
    book, today = rulebook.current(), timezone.localdate()
    found = [(one.code, book.text(one.titles, language)) for one in book.codes["languages"].in_force(today)]
    return sorted(found, key=lambda pair: pair[1])


def place_choices(language: str) -> list[tuple[str, str]]:
    """Regions and districts of the country, by title."""
    book = rulebook.current()
    found = [
        (one.code, book.text(one.titles, language))
        for level in ("1", "2")
        for one in book.places.of_country(book.country.iso3, level)
    ]
    return sorted(found, key=lambda pair: pair[1])


class MissionForm(forms.Form):
    """The hours of a mission, and for circuit rides the country that interviews."""

    country = forms.ChoiceField(label=_("Country that interviews"))
    morning_from = _hour(label=_("Morning, from"), initial="09:00")
    morning_to = _hour(label=_("to"), initial="12:30")
    afternoon_from = _hour(label=_("Afternoon, from"), initial="13:30", required=False)
    afternoon_to = _hour(label=_("to"), initial="17:00", required=False)
    minutes = forms.IntegerField(
        label=_("Minutes of an interview with one adult"), min_value=10, max_value=480, initial=60
    )
    minutes_more = forms.IntegerField(
        label=_("Minutes more for each further adult"), min_value=0, max_value=240, initial=20
    )

    def __init__(self, *given: Any, language: str, countries: Sequence[str] | None) -> None:
        """`countries` are those to which families were submitted; None where the rulebook knows no such thing."""
        super().__init__(*given)
        if countries is None:
            del self.fields["country"]
            return
        codes = rulebook.current().codes["countries"]
        self.fields["country"].choices = [CHOOSE, *((code, codes.title(code, language)) for code in countries)]

    def hours(self) -> Hours:
        given = self.cleaned_data
        return Hours(**{name: given[name] for name in Hours.__slots__})


class StayForm(forms.Form):
    """Where the mission stays."""

    place = forms.ChoiceField(label=_("District or region"))
    venue = _text(label=_("Address, as it shall stand in the letters"), max_length=200)
    first = _day(label=_("First day"))
    last = _day(label=_("Last day"))
    rooms = forms.IntegerField(label=_("Rooms"), min_value=1, max_value=50, initial=3)

    def __init__(self, *given: Any, language: str) -> None:
        super().__init__(*given)
        self.fields["place"].choices = [CHOOSE, *place_choices(language)]
        tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
        for name in ("first", "last"):
            self.fields[name].widget.attrs["min"] = tomorrow


class InterviewerForm(forms.Form):
    """An officer or an interpreter."""

    part = forms.ChoiceField(
        label=_("Who"),
        choices=[("officer", _("Officer")), ("interpreter", _("Interpreter"))],
        widget=forms.RadioSelect,
        initial="officer",
    )
    name = _text(label=_("Name"), max_length=100)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEX, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        help_text=_("An interpreter's: from which she interprets. An officer's: in which she needs no interpreter."),
        widget=forms.CheckboxSelectMultiple,
    )
    absent = forms.CharField(
        label=_("Days of absence"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "2026-12-03 2026-12-04"}),
        help_text=_("Year-month-day, several separated by spaces."),
    )

    def __init__(self, *given: Any, language: str, offered: Sequence[str]) -> None:
        """`offered`: the languages that the families of the mission and its people speak; all others would only be in the way."""
        super().__init__(*given)
        known = dict(language_choices(language))
        self.fields["languages"].choices = [(code, known[code]) for code in offered if code in known]

    def clean_absent(self) -> list[date]:
        try:
            return [date.fromisoformat(text) for text in self.cleaned_data["absent"].replace(",", " ").split()]
        except ValueError:
            raise forms.ValidationError(_("Write each day as year-month-day: 2026-12-03.")) from None


class WishesForm(forms.Form):
    """What the plan keeps for one family."""

    place = forms.ChoiceField(label=_("Where it is heard"))
    language = forms.ChoiceField(label=_("Language"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=480)
    urgency = forms.ChoiceField(label=_("Urgency"))
    officer_sex = forms.ChoiceField(label=_("Officer"), choices=WISH, required=False)
    interpreter_sex = forms.ChoiceField(label=_("Interpreter"), choices=WISH, required=False)
    earliest = _day(label=_("Can come from"), required=False)
    latest = _day(label=_("Can come until"), required=False)
    together = _text(
        label=_("Comes on one day with"),
        required=False,
        max_length=40,
        help_text=_("A word that relatives share, for instance a family name: all who have it come on the same day."),
    )

    def __init__(self, *given: Any, language: str, places: Sequence[str], **more: Any) -> None:
        super().__init__(*given, **more)
        book = rulebook.current()
        self.fields["place"].choices = [(code, book.text(book.places[code].titles, language)) for code in places]
        self.fields["language"].choices = language_choices(language)
        self.fields["urgency"].choices = [
            (code, urgency_title(code)) for code in ("emergency", "urgent", "priority", "normal")
        ]

    def wishes(self) -> Wishes:
        return Wishes(**{name: self.cleaned_data[name] for name in Wishes.__slots__})


class ConfirmForm(ActionForm):
    """What of the calling act no plan can answer, asked once for all families."""

    def __init__(
        self, sent: Mapping[str, Any] | None, *, action: Action, asked: Sequence[Field], language: str
    ) -> None:
        part = replace(action, form=tuple(asked), per_person=())
        super().__init__(
            sent, action=part, whole=action, book=rulebook.current(), language=language, on=timezone.localdate(),
            with_day=False,
        )  # fmt: skip
