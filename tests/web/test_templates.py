"""Rules that hold every room's templates: all words translatable, nothing inline that the Content-Security-Policy refuses."""

import re

import pytest

from panoh.project.installation import ROOT

TEMPLATES = sorted(ROOT.glob("panoh/*/templates/**/*.html"))
IDS = [str(path.relative_to(ROOT / "panoh")) for path in TEMPLATES]

#: The site's own name, in its scripts, and names of file formats are the same in every language.
NAMES = re.compile(r"Panoh|паноҳ|پناه|\b(CSV|XLSX|PDF|JSON)\b")
TRANSLATED = re.compile(
    r"{%\s*(blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.S
)
DJANGO = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
NOT_READ = re.compile(r"<!--.*?-->|<(script|style|code|svg)\b.*?</\1>", re.S)
READ_ATTRIBUTE = re.compile(r"""\b(?:title|alt|placeholder|aria-label|label)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TAG = re.compile(r"<[^>]*>", re.S)


def bare_words(source: str) -> list[str]:
    """Letters a reader would see that pass through no translation."""
    text = TRANSLATED.sub(" ", source)
    text = DJANGO.sub(" ", text)
    text = NOT_READ.sub(" ", text)
    said = [next(filter(None, groups), "") for groups in READ_ATTRIBUTE.findall(text)]
    pieces = [*TAG.split(text), *said]
    return [
        found
        for piece in pieces
        for found in re.findall(r"[^\W\d_]{2,}[^<\n]*", NAMES.sub("", re.sub(r"&\w+;", " ", piece)))
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_every_word_of_a_template_can_be_translated(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Save</p>", ["Save"]),
        ("<p>{% translate 'Save' %}</p>", []),
        ('<a title="Save">{{ x }}</a>', ["Save"]),
        ("<p>{% blocktranslate %}Saved {{ n }}{% endblocktranslate %}</p>", []),
        ('<a class="button" href="/x">{{ label }}</a>', []),
    ],
)
def test_the_rule_finds_bare_words_and_only_these(source, found):
    assert bare_words(source) == found


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_nothing_inline_and_nothing_from_elsewhere(path):
    source = TRANSLATED.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"\sstyle\s*=", source), "a style attribute is refused by the Content-Security-Policy"
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son\w+\s*=\s*[\"']", source), "an inline handler is refused by the Content-Security-Policy"
    assert not re.search(r"(src|href)\s*=\s*[\"'](https?:)?//", source), "nothing is loaded from elsewhere"
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script, script


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_nothing_is_marked_safe_in_a_template(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off", source)


#: The public check changes nothing and knows no account; a kept copy of the page must work months later.
WITHOUT_TOKEN = {"check.html"}


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_every_form_that_posts_carries_its_token(path):
    if path.name in WITHOUT_TOKEN:
        return
    source = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", source, re.S):
        assert "csrf_token" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_days_and_numbers_come_through_our_filters(path):
    """Django's own `date` filter knows neither the reader's calendar nor Dari; within an address it may write ISO days."""
    assert not re.search(
        r"\|\s*(date|time|naturaltime|naturalday|timesince|timeuntil|intcomma|floatformat)\b(?!:.Y-m-d)",
        path.read_text("utf-8"),
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_counted_sentences_show_the_readers_digits(path):
    """`{{ n }}` within a translated sentence shows Latin digits in Dari: `with shown=n|digits` and `{{ shown }}`."""
    source = path.read_text("utf-8")
    for counter, sentence in re.findall(
        r"{%\s*blocktranslate count (\w+)=[^%]*%}(.*?){%\s*endblocktranslate", source, re.S
    ):
        assert not re.search(r"{{\s*" + counter + r"\s*}}", sentence), sentence


#: Classes that only scripts, tests or other style sheets look for.
HOOKS = {"form", "sheet", "photo", "birth", "table", "table-figures", "field-seat", "person-fields", "motion"}


def test_every_class_of_a_template_has_a_rule_in_the_style_sheet():
    """A class without a rule is a page that looks otherwise than its author thinks."""
    sheet = "".join(path.read_text("utf-8") for path in ROOT.glob("panoh/*/static/**/*.css"))
    known = set(re.findall(r"\.([a-z][\w-]*)", sheet)) | HOOKS
    unknown = {
        f"{path.relative_to(ROOT / 'panoh')}: {name}"
        for path in TEMPLATES
        for written in re.findall(r'class="([^"]*)"', path.read_text("utf-8"))
        for name in DJANGO.sub(" ", written).split()
        if name not in known and not name.endswith("-")
    }
    assert unknown == set()
