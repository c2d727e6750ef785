"""The OpenAPI description of the interface. The views read their parameters from the same table.

Written by hand while there is one question to ask: docs/adr/0027-interface-for-programs.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import panoh

MOST_LETTERS = 200


@dataclass(frozen=True)
class Parameter:
    """One parameter of the query."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string", "maxLength": MOST_LETTERS})


PARAMETERS = (
    Parameter(
        "query", "A name in any script, spelling and order of its parts, or the number of a person or household."
    ),
    Parameter(
        "sex", "F or M; people whose sex is not known are found with either.", {"type": "string", "enum": ["F", "M"]}
    ),
    Parameter(
        "birth_year", "In the Gregorian or the Solar Hijri calendar.", {"type": "string", "pattern": "^[0-9]{4}$"}
    ),
    Parameter("father", "The father's name, in any script."),
    Parameter("grandfather", "The grandfather's name, in any script."),
    Parameter("place", "Where the person comes from: the code of a place, or its name in one of the four languages."),
    Parameter("paper", "The number of a paper that the person holds. Needed where there is no query."),
    Parameter("limit", "How many at once.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    Parameter("after", "Where the next page begins; it stands in the address that `next` gives."),
)

TEXT, NUMBER, YES_OR_NO = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
DAY = {"type": "string", "format": "date"}


def _thing(needed: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


SCHEMAS: dict[str, dict[str, Any]] = {
    "Name": _thing(
        {
            "script": {"type": "string", "enum": ["Arab", "Cyrl", "Latn"]},
            "role": {"type": "string", "enum": ["own", "alias", "proposed"]},
        },
        dict.fromkeys(("given", "father", "grandfather", "family", "patronymic", "tribal"), TEXT),
    ),
    "Birth": _thing(
        {
            "earliest": DAY,
            "latest": DAY,
            "precision": {"type": "string", "enum": ["day", "month", "year", "age", "unknown"]},
            "calendar": {"type": "string", "enum": ["gregorian", "solar_hijri"]},
        }
    ),
    "Reason": _thing({"code": TEXT, "text": TEXT}),
    "Person": _thing(
        {
            "number": TEXT,
            "relationship": TEXT,
            "names": _many("Name"),
            "sex": {"type": "string", "enum": ["F", "M", "U"]},
            "birth": {"$ref": "#/components/schemas/Birth"},
            "nationality": TEXT,
            "status": {"type": "string", "enum": ["open", "closed"]},
            "closure_reason": TEXT,
            "evidence": NUMBER,
            "reasons": _many("Reason"),
        }
    ),
    "Persons": _thing({"persons": _many("Person"), "next": {"type": ["string", "null"]}, "cut_short": YES_OR_NO}),
    "Refusal": _thing(
        {"code": TEXT, "field": {"type": ["string", "null"]}, "happened": TEXT, "why": TEXT, "next": TEXT}
    ),
    "Problem": _thing(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "code": TEXT,
            "problems": _many("Refusal"),
        },
        {"reference": TEXT},
    ),
}


def _answer(schema: str, said: str, media: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _refused(said: str) -> dict[str, Any]:
    return _answer("Problem", said, "application/problem+json")


def describe() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Panoh",
            "version": panoh.__version__,
            "description": "What a member's own programs may ask, over the files that the member may see. Texts come in the "
            "language of Accept-Language: en, ru, tg, fa-AF.",
        },
        "security": [{"token": []}, {"session": []}],
        "paths": {
            "/api/v1/persons": {
                "get": {
                    "operationId": "search_persons",
                    "summary": "Find persons by name or number, best first, each with the reasons",
                    "parameters": [
                        {"name": one.name, "in": "query", "description": one.description, "schema": one.schema}
                        for one in PARAMETERS
                    ],
                    "responses": {
                        "200": _answer("Persons", "The persons found"),
                        "401": _refused("No token and no session, or one that opens nothing"),
                        "403": _refused("The role or the purpose does not include it"),
                        "422": _refused("A parameter cannot be read; `field` names it"),
                        "429": _refused("The token was used too often: wait a minute"),
                    },
                }
            }
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made on the page Access for programs."},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
    }
