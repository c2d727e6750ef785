"""The form of a route: between which days, where the mission sets out, and how long the roads between its places are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.access.days import DayField
from panoh.scheduling.forms import CHOOSE, place_choices

LONGEST_ROAD = 10_000


class RouteForm(forms.Form):
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    start = forms.ChoiceField(label=_("It sets out from"), required=False)

    def __init__(self, *given: Any, places: Sequence[str], language: str) -> None:
        super().__init__(*given)
        book = rulebook.current()
        titles = {place: book.text(book.places[place].titles, language) for place in places}
        self.fields["start"].choices = [CHOOSE, *place_choices(language)]
        self.pairs = [(f"road{a}_{b}", places[a], places[b]) for a, b in combinations(range(len(places)), 2)]
        self.ways_out = [(f"from{n}", place) for n, place in enumerate(places)]
        labels = {
            name: _now("%(one)s – %(other)s, minutes") % {"one": titles[one], "other": titles[other]}
            for name, one, other in self.pairs
        } | {
            name: _now("From where it sets out to %(place)s, minutes") % {"place": titles[place]}
            for name, place in self.ways_out
        }
        for name, label in labels.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=LONGEST_ROAD, required=False)

    def roads(self) -> list[Any]:
        """For the template: the fields of the roads."""
        return [self[name] for name, *_rest in (*self.pairs, *self.ways_out)]

    def asked(self) -> dict[str, Any]:
        """The answers as `queries.routes.Asked` takes them."""
        given = self.cleaned_data
        roads = {frozenset({one, other}): given[name] for name, one, other in self.pairs if given[name]}
        for name, place in self.ways_out:
            if given["start"] and given[name] and place != given["start"]:
                roads[frozenset({given["start"], place})] = given[name]
        return {"first": given["first"], "last": given["last"], "start": given["start"], "roads": roads}
