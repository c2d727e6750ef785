"""Invented material for the page /look, which shows every component as a reader of that language meets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from panoh.access.days import DayField
from panoh.kernel.births import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import RenderedProblem

TODAY = date(2026, 5, 18)


class ExampleForm(forms.Form):
    """Each kind of field once, one of them wrongly filled in."""

    given = forms.CharField(max_length=100)
    arrived_on = DayField()
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    language = forms.ChoiceField()
    interviewer = forms.ChoiceField(widget=forms.RadioSelect)
    understood = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "given": _("Given name"),
            "arrived_on": _("Day of arrival"),
            "note": _("What the family told on arrival"),
            "language": _("Language of the interview"),
            "interviewer": _("Interviewer"),
            "understood": _("The rights and duties were explained and understood"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["given"].help_text = _("As it stands on the paper, in its own script.")
        self.fields["language"].choices = [("prs", _("Dari")), ("ps", _("Pashto")), ("tg", _("Tajik"))]
        self.fields["interviewer"].choices = [("f", _("Woman")), ("m", _("Man")), ("", _("No preference"))]


@dataclass(frozen=True)
class ExamplePerson:
    number: str
    birth: BirthDate
    sex: str = ""
    nationality: str = ""


def stages() -> list[dict[str, Any]]:
    """The path of an asylum claim, standing at the interview."""
    return [
        {"title": _("Border"), "state": "done", "date": date(2026, 3, 2)},
        {"title": _("Registered"), "state": "done", "date": date(2026, 3, 4)},
        {"title": _("Claim lodged"), "state": "done", "date": date(2026, 3, 9)},
        {"title": _("Interview"), "state": "here", "date": date(2026, 5, 12)},
        {"title": _("Decision"), "state": "next"},
        {"title": _("Certificate"), "state": "next"},
        {"title": _("Solution"), "state": "next"},
    ]


def overview() -> list[dict[str, Any]]:
    """The whole path, with nobody on it: for the first page."""
    stages = (
        (_("Border"), _("Someone asks for shelter and is heard.")),
        (_("Registered"), _("Names as the family writes them, no one twice.")),
        (_("Claim lodged"), _("The family leaves with a receipt and a certificate.")),
        (_("Interview"), _("In their language, read back to them.")),
        (_("Decision"), _("In time, with grounds for each person.")),
        (_("Solution"), _("To stay, to go on, or to return in safety.")),
    )
    return [{"title": title, "note": note, "state": "all"} for title, note in stages]


def examples() -> dict[str, Any]:
    dari = PersonName("Arab", "محمد نعیم", father="عبدالرحیم", grandfather="غلام حیدر")
    cyrillic = PersonName("Cyrl", "Муҳаммад Наим", father="Абдураҳим")
    latin = PersonName("Latn", "Mohd. Naeem", father="Abdul Rahim")
    return {
        "example_today": TODAY,
        "stages": stages(),
        "names": [dari, latin, cyrillic],
        "person": ExamplePerson("TJ-100482-1", BirthDate.from_parts("solar_hijri", 1370)),
        "due_soon": date(2026, 5, 22),
        "due_later": date(2026, 8, 14),
        "due_past": date(2026, 5, 11),
        "moment": datetime(2026, 5, 18, 9, 25, tzinfo=UTC),
        "form": ExampleForm(
            {
                "given": "محمد نعیم",
                "arrived_on": "",
                "note": _("They left at night, by the river."),
                "language": "prs",
                "interviewer": "f",
            }
        ),
        "columns": [
            {"label": _("Name")},
            {"label": _("Stands at")},
            {"label": _("Due")},
            {"label": _("People"), "number": True},
        ],
        "rows": [
            [
                {"label": _("Name"), "text": dari.display(), "link": "#table"},
                {"label": _("Stands at"), "text": _("Interview")},
                {"label": _("Due"), "day": date(2026, 5, 22)},
                {"label": _("People"), "amount": 5, "number": True},
            ],
            [
                {"label": _("Name"), "text": "Zarina Qodirova", "link": "#table"},
                {"label": _("Stands at"), "text": _("Claim lodged")},
                {"label": _("Due"), "day": date(2026, 8, 14)},
                {"label": _("People"), "amount": 2, "number": True},
            ],
        ],
        "lines": [
            {"text": _("The claim was lodged on 9 March 2026.")},
            {
                "text": _("The decision is due within three months."),
                "provision_text": _("Law on Refugees, Article 8"),
                "unverified": True,
            },
            {"text": _("The commission was suspended for 12 days; the legal clock stood still.")},
            {"text": _("The decision is due on 22 May 2026.")},
        ],
        "comparison": [
            {"label": _("Given name"), "left": "محمد نعیم", "right": "Mohd. Naeem", "agreement": "same"},
            {"label": _("Father's name"), "left": "عبدالرحیم", "right": "Abdul Rahim", "agreement": "same"},
            {"label": _("Year of birth"), "left": "1370", "right": "1991", "agreement": "same"},
            {"label": _("Place of origin"), "left": _("Kunduz"), "right": _("Takhar"), "agreement": "differs"},
            {"label": _("Paper"), "left": "1391-0427-55013", "right": "", "agreement": "unknown"},
        ],
        "acts": [
            {"label": _("Record the interview"), "url": "#toolbar"},
            {"label": _("Print"), "url": "#toolbar", "kind": "quiet"},
            {"label": _("Close the case"), "url": "#toolbar", "refused": _("A decision is needed first.")},
        ],
        "example_problems": [
            RenderedProblem(
                "example.case.no_quorum",
                None,
                409,
                _("The sitting cannot decide yet."),
                _("Five of nine members must be present; four are."),
                _("Record who has arrived since, or close the sitting and convene another."),
            )
        ],
        "entry": {
            "id": "0198c1d2-5a7e-7c31-9f04-2b6d8a11e0c4",
            "receipt_number": "0198-C1D2-5A7E-7C31",
            "recorded_at": datetime(2026, 3, 9, 9, 25, tzinfo=UTC),
        },
        "leaf": "9f2c 71aa 04de 5b13 88c6 e0f7 3d29 bb40",
    }
