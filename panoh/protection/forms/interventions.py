"""Forms of interventions with authorities."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panoh.protection.forms import choices
from panoh.protection.forms.incidents import day_field, text_area
from panoh.protection.operations.interventions import LETTER_LANGUAGES, Sent

LANGUAGE_NAMES = {"tg": _("Tajik"), "ru": _("Russian"), "en": _("English")}


class SendForm(forms.Form):
    kind = forms.ChoiceField(label=_("How"))
    institution = forms.ChoiceField(label=_("To which institution"))
    addressee = forms.CharField(label=_("To whom there"), required=False, max_length=200)
    partners = forms.CharField(
        label=_("Together with"), required=False, max_length=300, help_text=_("For example an embassy.")
    )
    sent_on = day_field(_("Sent or said on"), initial=timezone.localdate)
    reply_due_on = day_field(
        _("Answer expected until"), required=False, help_text=_("Left empty it follows from the kind.")
    )
    subject = forms.CharField(label=_("About"), max_length=200)
    text = text_area(_("What is said"), 10, max_length=20_000)
    language = forms.ChoiceField(label=_("Language of the letter"))
    provisions = forms.MultipleChoiceField(
        label=_("Law relied on"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    incidents = forms.CharField(label=_("Incidents it is about"), required=False, max_length=500)
    cases = forms.CharField(label=_("Cases it is about"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = ("", _("Choose"))
        self.fields["kind"].choices = choices.listed("intervention_kinds", first=choose)
        self.fields["institution"].choices = choices.listed("institutions", first=choose)
        self.fields["language"].choices = [(code, LANGUAGE_NAMES[code]) for code in LETTER_LANGUAGES]
        self.fields["provisions"].choices = choices.provisions()

    def sent(self) -> Sent:
        given = self.cleaned_data
        return Sent(
            **{
                name: given[name]
                for name in (
                    "kind", "institution", "addressee", "partners", "sent_on", "reply_due_on", "subject", "text",
                    "language", "provisions",
                )
            },
            incidents=numbers(given["incidents"]),
            cases=numbers(given["cases"]),
        )  # fmt: skip


def numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.upper() for word in re.split(r"[\s,;]+", text) if word))


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"))
    replied_on = day_field(_("Answered on"), required=False)
    reply = text_area(_("What was answered"), 4, required=False, max_length=20_000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = choices.listed("intervention_outcomes", first=("", _("Choose")))
