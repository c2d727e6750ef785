"""The form of what became of a gap of the law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panoh.protection.forms import choices
from panoh.protection.forms.incidents import day_field, text_area


class LawStepForm(forms.Form):
    status = forms.ChoiceField(label=_("Standing"), widget=forms.RadioSelect)
    on = day_field(_("Since"))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The number of the draft, the letter, the official gazette.")
    )
    note = text_area(_("What was proposed or changed"), 3, max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = choices.listed("law_gap_statuses", first=None)
