"""Search and browsing: what a question finds, in which order, with which counts, and where in the text.

Ids and counts come from the index by `library_find`, the documents themselves through their policy. Where more than MOST
documents answer, counts are of the newest MOST and said to be; the best are looked for among all that answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from panoh.access.actor import Actor
from panoh.library.models import Document, Paragraph
from panoh.library.queries.documents import visible_to
from panoh.library.reading.marks import OPEN
from panoh.library.rules.answering import best_of
from panoh.library.rules.questions import Question, Term
from panoh.library.rules.sounds import WORD, plain, sound_of

MOST = 1_000
PAGE = 20
SIMILAR = 300
DEEPEST = 400
FACETS = ("kind", "origin", "classification", "language", "year", "tag")
# What of a document a hit does not show, and what of its paragraph it does.
LONG = ("header", "opening", "sounds")
SHOWN = ("text", "id", "anchor", "label", "mark", "kind", "position", "section")
# What a source is marked with in the index for these fields (migrations/_index.py).
SIGNS = {"kind": "=k", "origin": "=o", "classification": "=g", "language": "=l", "refid": "=r", "tags": "=t"}
BEGIN, END = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Hit:
    document: Document
    paragraph: Paragraph | None = None
    snippet: str = ""

    @property
    def lit(self) -> SafeString:
        """The snippet with the words that were found between marks."""
        return mark_safe(escape(self.snippet).replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S308 - escaped before

    @property
    def plain(self) -> str:
        """The snippet as text alone."""
        return self.snippet.replace(BEGIN, "").replace(END, "")


@dataclass(slots=True)
class Found:
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    looked_back_to: date | None = None  # older ones were not looked through
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def search(
    actor: Actor,
    question: Question,
    *,
    page: int = 1,
    order: str = "best",
    facets: bool = True,
) -> Found:
    """The page of hits that the actor sees, with counts of everything that answers."""
    skip = min(max(page - 1, 0) * PAGE, DEEPEST)
    expression, values = words_expression(question)
    asked: dict[str, Any] = {"most": MOST, "skip": skip, "page": PAGE, "order": order, "facets": facets}
    asked |= _conditions(question)
    answer = _ask(asked, expression, values)
    counted: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    for name, value, many in answer["facets"] or []:
        if value:
            counted[name].append((value, many))
    counted["year"].sort(reverse=True)
    total = min(answer["total"], MOST)
    hits = _hits(actor, [UUID(one) for one in answer["ids"]], expression, values, question.words)
    back = answer["looked_back_to"]
    return Found(hits, total, answer["total"] > MOST, date.fromisoformat(back) if back else None, counted)


def _ask(asked: Mapping[str, Any], expression: str, values: Sequence[Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT library_find(%s::jsonb || jsonb_build_object('words', ({expression})::text))",
            [json.dumps(asked), *values],
        )
        (raw,) = cursor.fetchone()
    return json.loads(raw) if isinstance(raw, str) else raw


def kept_as(question: Question) -> str:
    """The words and fields of a question as the index reads them; its days stand apart."""
    expression, values = words_expression(question)
    asked = {name: value for name, value in _conditions(question).items() if name not in ("since", "until")}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (({expression}) && library_asked_marks(%s::jsonb))::text", [*values, json.dumps(asked)])
        (words,) = cursor.fetchone()
    return str(words)


def counts(names: Sequence[str]) -> Mapping[str, dict[str, int]]:
    """How many sources that the context may see bear which value of these facets: of all, not of a question."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    with connection.cursor() as cursor:
        cursor.execute("SELECT facet, value, many FROM library_counts(%s)", [list(names)])
        for name, value, many in cursor.fetchall():
            found[name][value] = int(many)
    return found


def similar_to(actor: Actor, paragraph: Paragraph, most: int = 5) -> list[Hit]:
    """Paragraphs of other sources that share at least two of the rarest words of this one."""
    asked = {"most": SIMILAR, "skip": 0, "page": most + 1, "order": "alike", "facets": False}
    expression = "library_telling(%s)"
    answer = _ask(asked, expression, [paragraph.text])
    ids = [UUID(one) for one in answer["ids"] if UUID(one) != paragraph.document_id][:most]
    words = sorted(set(paragraph.text.split()), key=len)[-12:]
    return _hits(actor, ids, expression, [paragraph.text], words)


def words_expression(question: Question) -> tuple[str, list[Any]]:
    """The question as an expression of PostgreSQL with its values: words are bound, operators are written here."""
    pieces: list[str] = []
    values: list[Any] = []
    for group in question.terms:
        alternatives = []
        for term in group:
            expression, bound = _term(term)
            alternatives.append(expression)
            values += bound
        pieces.append("(" + " || ".join(alternatives) + ")")
    for name, value in question.without:
        pieces.append(f"(!! library_mark('{SIGNS[name]}', %s))")
        values.append(value)
    return " && ".join(pieces) or "''::tsquery", values


def _term(term: Term) -> tuple[str, list[Any]]:
    base, values = _words(term.words, term.phrase)
    if term.near:
        other, more = _words(term.near, term.near_phrase)
        # Each distance either way round: PostgreSQL knows exact distances alone.
        apart = " || ".join(
            f"tsquery_phrase(a, b, {step}) || tsquery_phrase(b, a, {step})" for step in range(1, term.distance + 1)
        )
        # Of a word that every text has nothing is left: then the other one is asked for, once.
        given = f"CASE WHEN numnode(a) = 0 THEN b WHEN numnode(b) = 0 THEN a ELSE {apart} END"
        return f"(SELECT {given} FROM (SELECT {base} AS a, {other} AS b) pair)", values + more  # noqa: S608 - pieces written here
    if term.subject:
        base = f"library_in_title({base})"
    elif not term.phrase and (sounds := _sounds(term.words)):
        base = f"({base} || %s::tsquery)"
        values = [*values, sounds]
    return (f"!! ({base})" if term.without else base), values


def _words(words: str, phrase: bool) -> tuple[str, list[Any]]:
    name = "phraseto_tsquery" if phrase else "plainto_tsquery"
    return f"{name}('russian', %s)", [plain(words)]


def _sounds(words: str) -> str:
    """Words of Cyrillic or Arabic letters by their sound as well: they find their like in the other script."""
    found = [sound_of(word) for word in WORD.findall(plain(words).casefold())]
    return " & ".join(f"'{sound}'" for sound in found) if found and all(found) else ""


def _conditions(question: Question) -> dict[str, Any]:
    told = {
        "kind": question.kind,
        "origin": question.origin,
        "classification": question.classification,
        "language": question.language,
        "refid": question.refid,
        "since": _iso(question.since),
        "until": _iso(question.until),
        "tags": question.tags,
    }
    return {name: value for name, value in told.items() if value}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _hits(actor: Actor, ids: Sequence[UUID], expression: str, values: Sequence[Any], words: Sequence[str]) -> list[Hit]:
    """The documents in this order, each with the paragraph that answers best and its words lit up.

    Which paragraph answers is judged here: ranking all of them in the database would parse every text of the page anew.
    """
    documents = {one.pk: one for one in visible_to(actor).defer(*LONG).filter(pk__in=ids)}
    texts: dict[UUID, list[tuple[Any, ...]]] = {}
    if words:
        rows = Paragraph.objects.filter(document_id__in=documents, in_force=True).order_by("document_id", "position")
        for row in rows.values_list("document_id", *SHOWN):
            texts.setdefault(row[0], []).append(row[1:])
    chosen = {}
    for document_id, rows in texts.items():
        best = rows[best_of([row[0] for row in rows], words)]
        chosen[document_id] = Paragraph(document=documents[document_id], **dict(zip(SHOWN, best, strict=True)))
        if documents[document_id].rank > OPEN:
            chosen[document_id].text = ""  # whoever reads words of a closed source opens it, and that is recorded
    snippets = _snippets([one for one in chosen.values() if one.text], expression, values)
    return [
        Hit(documents[one], chosen.get(one), snippets.get(chosen[one].pk, "") if one in chosen else "")
        for one in ids
        if one in documents
    ]


def _snippets(paragraphs: Sequence[Paragraph], expression: str, values: Sequence[Any]) -> dict[UUID, str]:
    if not paragraphs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH asked AS MATERIALIZED (SELECT ({expression}) AS q)
                SELECT p.id, ts_headline('russian', p.words, asked.q,
                    'StartSel={BEGIN}, StopSel={END}, MaxWords=36, MinWords=18, MaxFragments=2, FragmentDelimiter=" … "')
                FROM unnest(%s::uuid[], %s::text[]) AS p (id, words), asked""",  # noqa: S608 - pieces written above
            [*values, [one.pk for one in paragraphs], [plain(one.text) for one in paragraphs]],
        )
        return dict(cursor.fetchall())
