"""Which words a person is found by, and how the index of them is kept: with each act, and as a whole.

The index is derived. It is written in the statement that saves the names (`registry_save`), and made anew in batches, while
the register stays in use, where the algorithm of words or keys has changed (`panoh identity index`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import product
from typing import Any
from uuid import UUID

from psycopg import Connection

from panoh.identity.keys import KEYS, word_keys
from panoh.identity.words import WORDS_VERSION, words_of
from panoh.kernel.names import PersonName

MOST_WORDS_OF_A_PERSON = 40
WIDEST_SPAN = 6  # years of birth; `registry_terms` holds the same
FATHER = 1 << 30  # what `registry_terms` adds to the id of a word of a father's name
BATCH = 2000
COUNTING = 0x6E616D65  # the lock of counting, "name"
FATHERS_PARTS = ("father", "grandfather")


def index_rows(names_of: Iterable[tuple[UUID, Sequence[PersonName]]]) -> dict[str, object]:
    """What the function of the database `registry_index_names` takes: the words of persons, and the keys of these words."""
    persons = []
    known: dict[str, dict[str, list[str]]] = {}
    for person_id, names in names_of:
        own, fathers = words_of_names(names)
        persons.append({"person": str(person_id), "words": own, "father": fathers, "version": WORDS_VERSION})
        for word in (*own, *fathers):
            known.setdefault(word, keys_of_word(word))
    return {"persons": persons, "keys": known}


def words_of_names(names: Iterable[PersonName]) -> tuple[list[str], list[str]]:
    """(words of the names themselves, words of the fathers' and grandfathers' names), in their order.

    A word of several forms stands once, but Mohammad son of Mohammad's name twice: as often as one form has it.
    """
    own: list[str] = []
    fathers: list[str] = []
    for name in names:
        met: Counter[tuple[bool, str]] = Counter()
        for part, text in name.parts():
            is_fathers = part in FATHERS_PARTS
            side = fathers if is_fathers else own
            for word in words_of(text):
                met[is_fathers, word] += 1
                if met[is_fathers, word] > side.count(word):
                    side.append(word)
    return own[:MOST_WORDS_OF_A_PERSON], fathers[:MOST_WORDS_OF_A_PERSON]


def sounds_of_names(names: Iterable[PersonName]) -> list[str]:
    """What whole names sound like, two words at a time: equal where two names could be one. For comparing few among themselves."""
    own, fathers = words_of_names(names)
    sounds = {word_keys(word)[0] for word in own}
    beside = sounds | {word_keys(word)[0] for word in fathers}
    return sorted({"+".join(sorted((a, b))) for a, b in product(sounds, beside) if a != b} or sounds)


@lru_cache(maxsize=100_000)
def keys_of_word(word: str) -> dict[str, list[str]]:
    """The keys of a word by every version that is in use: {version: [key, …]}."""
    return {str(version): list(make(word)) for version, make in KEYS.items()}


# -- the whole index --------------------------------------------------------------------------------------------------

Progress = Callable[[int, int], None]
Enter = Callable[[], AbstractContextManager[Any]]

_STALE = """
SELECT n.person_id, n.script, n.given, n.father, n.grandfather, n.family, n.patronymic, n.tribal
FROM registry_name n LEFT JOIN registry_nameindex i ON i.person_id = n.person_id AND i.version = %s
WHERE i.person_id IS NULL AND n.role <> 'proposed' AND n.person_id > %s
ORDER BY n.person_id, n.is_primary DESC, n.id LIMIT %s
"""


def index_persons(connection: Connection, enter: Enter, progress: Progress) -> int:
    """Index everybody who is not, or who is by an earlier version of words, in batches of one transaction each.

    As the owner; `enter` opens the transaction in which everybody's names are seen. Can be broken off and run again.
    """
    with enter(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM registry_person p LEFT JOIN registry_nameindex i ON i.person_id = p.id AND i.version = %s"
            " WHERE i.person_id IS NULL",
            [WORDS_VERSION],
        )
        total = int((cursor.fetchone() or (0,))[0])
    done = 0
    after = UUID(int=0)
    while True:
        with enter(), connection.cursor() as cursor:
            cursor.execute(_STALE, [WORDS_VERSION, after, BATCH])
            people = _people(cursor.fetchall())
            if not people:
                return done
            cursor.execute("SELECT registry_index_names(%s::jsonb)", [json.dumps(index_rows(people.items()))])
        after = max(people)
        done += len(people)
        progress(done, total)


def _people(rows: Sequence[Sequence[Any]]) -> dict[UUID, list[PersonName]]:
    people: dict[UUID, list[PersonName]] = {}
    for person_id, *parts in rows:
        people.setdefault(person_id, []).append(PersonName(*parts))
    if len(rows) == BATCH and len(people) > 1:
        people.popitem()  # perhaps cut off in the middle of a person's names
    return people


def key_words(connection: Connection, progress: Progress) -> int:
    """Give every word the keys of the newest version, in batches; then let go of the keys of versions that nobody asks for."""
    newest = max(KEYS)
    done, after = 0, 0
    while True:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT w.id, w.word FROM registry_word w WHERE w.id > %s AND NOT EXISTS"
                " (SELECT FROM registry_wordkey k WHERE k.word_id = w.id AND k.version = %s) ORDER BY w.id LIMIT %s",
                [after, newest, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                break
            cursor.executemany(
                "INSERT INTO registry_wordkey (key, version, word_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [(key, newest, word_id) for word_id, word in rows for key in KEYS[newest](word)],
            )
        done, after = done + len(rows), rows[-1][0]
        progress(done, done)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_wordkey WHERE NOT version = ANY (%s)", [list(KEYS)])
    return done


def count_bearers(connection: Connection) -> None:
    """Count how many persons bear each word: what a name weighs as evidence. Harmless when it is some days old."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING])  # two servers count one after the other
        cursor.execute(
            """
            WITH counted AS (
                SELECT term, count(*) AS bearers
                FROM registry_nameindex, LATERAL (SELECT DISTINCT term FROM unnest(terms) AS term) AS borne
                WHERE term > 0 AND term < %s GROUP BY term
            ), changed AS (
                UPDATE registry_word w SET bearers = counted.bearers FROM counted
                WHERE counted.term = w.id AND w.bearers <> counted.bearers
            )
            INSERT INTO registry_wordcount (id, persons, words, counted_at)
                SELECT 1, (SELECT count(*) FROM registry_nameindex), coalesce(sum(bearers), 0), now() FROM counted
            ON CONFLICT (id) DO UPDATE
                SET persons = excluded.persons, words = excluded.words, counted_at = excluded.counted_at
            """,
            [FATHER],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_word, registry_wordkey, registry_nameindex")
