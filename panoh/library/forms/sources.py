"""Forms about a source and its paragraphs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from panoh.access.days import DayField
from panoh.kernel.problems import Problem
from panoh.library import words
from panoh.library.models import Document
from panoh.library.operations.citing import Figure
from panoh.library.reading.marks import RANKS
from panoh.rulebook import current

LARGEST_UPLOAD = 32 * 1024 * 1024
LARGEST_TOGETHER = 128 * 1024 * 1024
MOST_FILES = 50


def day_field(label: Any, **more: Any) -> forms.DateField:
    return DayField(label=label, **more)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is judged as one would be."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class TakeInForm(forms.Form):
    files = FilesField(
        label=pgettext_lazy("on a computer", "Files"),
        help_text=_(
            "Text, HTML, PDF, DOCX or EML; mailboxes (MBOX) and archives (ZIP) with many of them. Up to 50 files of 32 MB, 128 MB together."
        ),
    )

    unmarked = forms.ChoiceField(
        label=_("What bears no classification"),
        required=False,
        choices=[
            ("", _("stays within the organisation until somebody settles it")),
            ("PUBLIC", _("is public: every reader may see it")),
        ],
        widget=forms.RadioSelect,
        initial="",
    )

    def checked(self) -> list[UploadedFile]:
        """The files, or a Problem where they are more than one page takes."""
        files: list[UploadedFile] = self.cleaned_data["files"]
        for one in files:
            if (one.size or 0) > LARGEST_UPLOAD:
                sizes = {"size": (one.size or 0) >> 20, "most": LARGEST_UPLOAD >> 20}
                raise Problem("library.document.too_large", field="files", name=(one.name or "")[:60], **sizes)
        together = sum(one.size or 0 for one in files)
        if together > LARGEST_TOGETHER or len(files) > MOST_FILES:
            raise Problem("library.intake.too_much", field="files", size=together >> 20, most=LARGEST_TOGETHER >> 20)
        return files


class SettleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.KINDS.items()))
    created_on = day_field(_("Created on"), required=False)
    classification = forms.ChoiceField(label=_("Classification"), choices=[(name, name) for name in RANKS])
    origin = forms.CharField(label=pgettext_lazy("a source", "Origin"), required=False, max_length=200)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=500, help_text=_("One after another, with spaces between.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(words.LANGUAGES.items()))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)

    @classmethod
    def of(cls, document: Document, sent: Any) -> SettleForm:
        return cls(
            sent,
            initial={
                "title": document.title,
                "kind": document.kind,
                "created_on": document.created_on,
                "classification": document.classification if document.classification in RANKS else "CONFIDENTIAL",
                "origin": document.origin,
                "tags": " ".join(document.tags),
                "language": document.language,
                "version": document.version,
            },
        )

    def values(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return given | {"tags": [tag.upper()[:40] for tag in given["tags"].split()]}


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)


class RedactForm(forms.Form):
    words = forms.CharField(
        label=_("Words that are not shown"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Copied from the paragraph as they stand there."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))


class CiteForm(forms.Form):
    number = forms.CharField(
        label=_("Where it is cited"),
        max_length=40,
        help_text=_("The number of a case, a household, an incident or an intervention, or a year of the statistics."),
    )
    note = forms.CharField(
        label=_("What for"), required=False, max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class ShelfForm(forms.Form):
    title = forms.CharField(label=_("Name of the list"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))


class PutForm(forms.Form):
    shelf = forms.ChoiceField(label=_("List"))
    note = forms.CharField(
        label=_("What for"), required=False, max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, shelves: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shelf"].choices = [("", _("Choose")), *((str(one.pk), one.title) for one in shelves)]


class ClaimForm(forms.Form):
    measure = forms.CharField(
        label=_("What is counted"), max_length=80, help_text=_("In the same words each time: refugees.")
    )
    figure = forms.CharField(label=_("Figure"), max_length=40)
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("persons, families, US dollars"))
    definition = forms.CharField(
        label=_("By which definition"), required=False, max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    place = forms.ChoiceField(label=_("Place"), required=False)
    as_of = day_field(_("As of"))
    period_from = day_field(_("Period from"), required=False)
    period_to = day_field(_("Period to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book, language = current(), get_language() or "en"
        listed = sorted((place.level, place.titles[language], place.code) for place in book.places.values())
        self.fields["place"].choices = [("", _("Not named")), *((code, title) for _level, title, code in listed)]

    def said(self) -> Figure:
        return Figure(**self.cleaned_data)
