"""The peer from sanctions screening: keys of rigour (name parts, their metaphone, names known to Wikidata) and the
matcher logic-v2 of nomenklatura. Part of the given names comes from the very list that rigour ships, so it has seen them.
"""

from __future__ import annotations

from functools import lru_cache

from followthemoney import model
from nomenklatura.matching import LogicV2
from nomenklatura.matching.logic_v2.names.match import name_match
from rigour.names import NameTypeTag, Symbol, analyze_names

from names.keyed import KeyedEngine

_settings = LogicV2.default_config()


@lru_cache(maxsize=200_000)
def rigour_keys(name: str) -> frozenset[str]:
    keys = set()
    for analysed in analyze_names(NameTypeTag.PER, [name]) if name else ():
        for part in analysed.parts:
            keys.add(f"part:{part.comparable}")
            if part.metaphone:
                keys.add(f"sound:{part.metaphone}")
        for span in analysed.spans:
            if span.symbol.category not in (Symbol.Category.INITIAL, Symbol.Category.SYMBOL):
                keys.add(f"known:{span.symbol.id}")
    return frozenset(keys)


@lru_cache(maxsize=20_000)
def _person(name: str):
    person = model.make_entity("Person")
    person.id = name
    person.add("name", name)
    return person


def rigour_likeness(asked: str, known: str) -> float:
    return float(name_match(_person(asked), _person(known), _settings).score)


def rigour_engine() -> KeyedEngine:
    return KeyedEngine("rigour keys + nomenklatura logic-v2", rigour_keys, rigour_likeness, lambda name: name)
