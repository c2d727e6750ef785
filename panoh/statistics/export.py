"""The report as files: long CSV (one figure a line), and a workbook with one sheet a section."""

import csv
import io
import json

import xlsxwriter

from panoh.statistics.annual import AnnualTable

HEADER = (
    "year",
    "known_on",
    "method",
    "table",
    "group",
    "origin",
    "place",
    "location",
    "procedure",
    "level",
    "column",
    "value",
)
KEYS = ("group", "origin", "place", "location", "procedure", "level")


def write_csv(table: AnnualTable) -> str:
    """UTF-8 text, RFC 4180; a blank by disclosure control is an empty value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for section in table.sections:
        for row in section.rows:
            keys = [row.key.get(key, "") for key in KEYS]
            for column in section.columns:
                value = row.values[column]
                writer.writerow(
                    [
                        table.year,
                        table.known_on.isoformat(),
                        table.method,
                        section.code,
                        *keys,
                        column,
                        "" if value is None else value,
                    ]
                )
    return out.getvalue()


def write_json(table: AnnualTable) -> str:
    """The report as one JSON object; blanks are null."""
    return json.dumps(
        {
            "year": table.year,
            "known_on": table.known_on.isoformat(),
            "method": table.method,
            "balanced": table.balanced,
            "unexplained": table.unexplained,
            "tables": {
                section.code: [{**row.key, "values": row.values} for row in section.rows] for section in table.sections
            },
        },
        ensure_ascii=False,
        indent=1,
    )


def write_xlsx(table: AnnualTable) -> bytes:
    """A workbook: codes as column heads, blanks by disclosure control marked “:” (not available)."""
    out = io.BytesIO()
    # Nothing is a formula: texts from code lists are written as texts.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    count = book.add_format({"num_format": "#,##0"})
    for section in table.sections:
        sheet = book.add_worksheet(section.code)
        keys = [key for key in KEYS if any(key in row.key for row in section.rows)]
        sheet.write_row(0, 0, [*keys, *section.columns], head)
        for number, row in enumerate(section.rows, start=1):
            for at, key in enumerate(keys):
                sheet.write_string(number, at, row.key.get(key, ""))
            for at, column in enumerate(section.columns, start=len(keys)):
                value = row.values[column]
                if value is None:
                    sheet.write_string(number, at, ":")
                else:
                    sheet.write_number(number, at, value, count)
        sheet.freeze_panes(1, len(keys))
        sheet.set_column(0, max(len(keys) - 1, 0), 14)
    about = book.add_worksheet("ABOUT")
    for line, (name, value) in enumerate(
        [
            ("year", str(table.year)),
            ("known on", table.known_on.isoformat()),
            ("disclosure control", table.method),
            ("unexplained", str(table.unexplained)),
        ]
    ):
        about.write_row(line, 0, [name, value])
    book.close()
    return out.getvalue()
