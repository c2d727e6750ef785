"""The translation catalogues: taking the texts out of the sources, keeping `locale/*/LC_MESSAGES/django.po` in step, checking them.

With Babel, so that no gettext tools are needed. Django's and allauth's own messages that reach our pages (errors of forms, of
passwords, of the second factor) are taken in as well, because Django speaks Tajik in parts and Dari not at all; where the
libraries have a translation it is the proposal, for Dari from Persian and marked fuzzy until a person has read it.
"""

from __future__ import annotations

import copy
import gettext
import importlib.util
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

#: language → (plural rule of the catalogue, language of the libraries from which proposals come)
LANGUAGES: dict[str, tuple[str, str]] = {
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
        "ru",
    ),
    "tg": ("nplurals=2; plural=(n != 1);", "tg"),
    "prs": ("nplurals=2; plural=(n > 1);", "fa"),
}

_KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

#: Modules of libraries whose messages a person may meet on our pages.
_LIBRARY_MODULES = (
    "django.forms.fields",
    "django.forms.forms",
    "django.forms.models",
    "django.core.validators",
    "django.contrib.auth.password_validation",
    "django.contrib.auth.forms",
    "allauth.account.adapter",
    "allauth.account.forms",
    "allauth.mfa.adapter",
    "allauth.mfa.base.forms",
    "allauth.mfa.totp.forms",
    "allauth.mfa.webauthn.forms",
    "allauth.mfa.recovery_codes.forms",
)
_LIBRARY_CATALOGUES = ("django/conf/locale", "django/contrib/auth/locale", "allauth/locale")

_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w+)\}")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a catalogue: an untranslated or fuzzy message, a lost placeholder, a message out of step."""

    language: str
    message: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.message[:90]!r}"


def path_of(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


# -- taking out ---------------------------------------------------------------------------------------------------------


def collect(root: Path) -> Catalog:
    """Every text of our sources and of the libraries' modules, each once, with the files it stands in."""
    catalogue = Catalog(project="Panoh", charset="utf-8")
    for path in _sources(root):
        place = path.relative_to(root).as_posix()
        for text, context in _texts_of(path):
            catalogue.add(text, locations=[(place, 0)], context=context, flags=_flags(text))
    for name in _LIBRARY_MODULES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise LookupError(f"the module {name}, whose messages reach our pages, is gone: look where they moved")
        for text, context in _texts_of(Path(spec.origin)):
            catalogue.add(text, locations=[(name, 0)], context=context, flags=_flags(text))
    return catalogue


def _sources(root: Path) -> Iterator[Path]:
    package = root / "panoh"
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if "migrations" in inside or "__pycache__" in inside:
            continue
        if path.suffix == ".py" or (path.suffix in (".html", ".txt") and "templates" in inside):
            yield path


def _texts_of(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is no message becomes rows of X; within brackets their indentation means nothing to the tokenizer.
        source = f"({templatize(source, origin=str(path))}\n)"
    found = extract_python(io.BytesIO(source.encode()), list(_KEYWORDS), [], {"encoding": "utf-8"})
    for _line, function, arguments, _comments in found:
        parts = [part for part in (arguments if isinstance(arguments, tuple) else (arguments,)) if part is not None]
        context = parts.pop(0) if "pgettext" in (function or "") and parts else None
        if not parts or not parts[0]:
            continue
        plural = "ngettext" in (function or "") or "npgettext" in (function or "")
        yield ((parts[0], parts[1]) if plural and len(parts) > 1 else parts[0]), context


def _flags(text: str | tuple[str, str]) -> tuple[str, ...]:
    whole = " ".join(text) if isinstance(text, tuple) else text
    return ("python-format",) if re.search(r"%\(\w+\)[a-z]|%[sd]", whole) else ()


# -- keeping in step ----------------------------------------------------------------------------------------------------


def update(root: Path) -> dict[str, int]:
    """Writes each language's catalogue with all texts of the sources; says how many each still lacks."""
    template = collect(root)
    lacking = {}
    for language in LANGUAGES:
        target = path_of(root, language)
        catalogue = _read(target, language) if target.exists() else _new(language)
        # A copy: Babel puts the template's own messages into the catalogue, and one language would write into the next.
        catalogue.update(copy.deepcopy(template), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _propose(catalogue, language)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
        lacking[language] = sum(
            1 for message in catalogue if message.id and (message.fuzzy or not _is_translated(message))
        )
    return lacking


def _new(language: str) -> Catalog:
    catalogue = Catalog(project="Panoh", charset="utf-8", header_comment="# Panoh: texts of the pages.")
    _set_headers(catalogue, language)
    return catalogue


def _read(path: Path, language: str) -> Catalog:
    with open(path, "rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    _set_headers(catalogue, language)
    return catalogue


def _set_headers(catalogue: Catalog, language: str) -> None:
    """Short, stable headers: no clock, no names, so that a catalogue changes only when its texts do."""
    plural = LANGUAGES[language][0]
    catalogue._num_plurals, catalogue._plural_expr = _plural_parts(plural)
    catalogue.__class__ = _QuietCatalog
    catalogue.language = language  # type: ignore[attr-defined]
    catalogue.header_comment = "# Panoh: texts of the pages."
    catalogue.fuzzy = False


def _plural_parts(plural: str) -> tuple[int, str]:
    number, _, expression = plural.partition(";")
    return int(number.split("=")[1]), expression.strip().removeprefix("plural=").rstrip(";")


class _QuietCatalog(Catalog):
    """A catalogue whose header holds only what gettext needs."""

    language: str = ""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Panoh"),
            ("Language", self.language),
            ("Plural-Forms", LANGUAGES[self.language][0]),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    def _set_mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """What a file's header says is fixed by us; reading it changes nothing."""

    mime_headers = property(_get_mime_headers, _set_mime_headers)


def _propose(catalogue: Catalog, language: str) -> None:
    """Fills what the libraries have translated themselves; from Persian only as a proposal."""
    library = _library_translations(LANGUAGES[language][1])
    for message in catalogue:
        if not message.id or _is_translated(message):
            continue
        if isinstance(message.id, str):
            found = library.get(message.id)
            proposal: str | tuple[str, ...] | None = found
        else:
            forms = [library.get((message.id[0], index)) for index in range(catalogue.num_plurals)]
            proposal = tuple(form or "" for form in forms) if all(forms) else None
        if proposal and not list(_placeholder_faults(message, proposal, language)):
            message.string = proposal
            if LANGUAGES[language][1] != language:
                message.flags.add("fuzzy")


def _library_translations(language: str) -> dict[object, str]:
    texts: dict[object, str] = {}
    for folder in _LIBRARY_CATALOGUES:
        package, _, rest = folder.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise LookupError(f"the package {package} is not installed")
        compiled = Path(spec.origin).parent / rest / language / "LC_MESSAGES" / "django.mo"
        if compiled.exists():
            with open(compiled, "rb") as file:
                texts |= gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return texts


# -- checking -----------------------------------------------------------------------------------------------------------------


def check(root: Path) -> list[Fault]:
    """All that keeps a reader of some language from reading our words in it."""
    template = collect(root)
    return [fault for language in LANGUAGES for fault in _check_language(root, language, template)]


def _check_language(root: Path, language: str, template: Catalog) -> Iterator[Fault]:
    path = path_of(root, language)
    if not path.exists():
        yield Fault(language, str(path.relative_to(root)), "no catalogue")
        return
    catalogue = _read(path, language)
    wanted = {(message.id, message.context) for message in template if message.id}
    there = {(message.id, message.context): message for message in catalogue if message.id}
    for key in wanted - there.keys():
        yield Fault(language, _shown(key[0]), "not in the catalogue (run `panoh translations extract`)")
    for key in there.keys() - wanted:
        yield Fault(language, _shown(key[0]), "no longer in the sources (run `panoh translations extract`)")
    for key in sorted(wanted & there.keys(), key=str):
        message = there[key]
        if message.fuzzy:
            yield Fault(language, _shown(message.id), "fuzzy")
        elif not _is_translated(message):
            yield Fault(language, _shown(message.id), "untranslated")
        else:
            for what in _placeholder_faults(message, message.string, language):
                yield Fault(language, _shown(message.id), what)


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _placeholder_faults(message: Message, string: object, language: str) -> Iterator[str]:
    """Placeholders neither lost nor invented. Only the form for one may leave out its number, and not in Russian, where it also serves 21."""
    if isinstance(message.id, str):
        if _placeholders(message.id) != _placeholders(str(string)):
            yield "other placeholders than the source"
        if (
            message.id[:1].isspace() != str(string)[:1].isspace()
            or message.id[-1:].isspace() != str(string)[-1:].isspace()
        ):
            yield "begins or ends with a space where the source does not"
        return
    wanted = _placeholders(message.id[1])
    forms = list(string) if isinstance(string, list | tuple) else [str(string)]
    for index, form in enumerate(forms):
        given = _placeholders(form)
        may_leave_out = index == 0 and language != "ru" and len(forms) > 1
        if given != wanted and not (may_leave_out and given <= wanted):
            yield f"other placeholders than the source in form {index}"


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text.replace("%%", ""))}


def _shown(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]
