"""What a relationship to the principal applicant says about sex and age: read from the country's code list.

The list carries `sex`, `generation` (steps down from the principal applicant) and `kin` with each code, so a country
with other words for kin needs no change here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRINCIPAL = "PA"
BLOOD_LINE = frozenset({"child", "parent", "grandparent", "grandchild"})
SPOUSE = "spouse"
YOUNGEST_PARENT = 12
"""Fewer years than this between parent and child are told as a warning: below it either a date or the kinship is wrong."""


def attribute(codes: Mapping[str, Any], list_name: str, code: str, name: str) -> str:
    """An attribute of a code, or "" where the code or the attribute is unknown."""
    listed = codes[list_name]
    return (listed[code].attributes.get(name) or "") if code in listed else ""


def sex_of(codes: Mapping[str, Any], relationship: str) -> str:
    return attribute(codes, "relationship", relationship, "sex")


def generation_of(codes: Mapping[str, Any], relationship: str) -> int | None:
    text = attribute(codes, "relationship", relationship, "generation")
    return int(text) if text.lstrip("-").isdigit() else None


def kin_of(codes: Mapping[str, Any], relationship: str) -> str:
    return attribute(codes, "relationship", relationship, "kin")


def is_blood_line(codes: Mapping[str, Any], relationship: str) -> bool:
    """Whether the code means someone born by, or giving birth to, the principal applicant's own line."""
    return kin_of(codes, relationship) in BLOOD_LINE


def is_spouse(codes: Mapping[str, Any], relationship: str) -> bool:
    return kin_of(codes, relationship) == SPOUSE


def is_couple(codes: Mapping[str, Any], marital: str) -> bool:
    return attribute(codes, "marital", marital, "couple") == "yes"
