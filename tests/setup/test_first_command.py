"""A command that makes its database ready does so on a machine where nothing was set up; others say what is missing."""

from __future__ import annotations

import json

from tests.library.reading.sources import CABLE, HEADER
from tests.setup.installations import Installation


def test_sources_are_taken_in_and_shown_on_a_machine_where_nothing_was_set_up(reachable_directory, tmp_path):
    cable = tmp_path / "06DUSHANBE412.txt"
    cable.write_text(f"{HEADER}\n\n{CABLE}", encoding="utf-8")
    fresh = Installation(reachable_directory / "fresh", {"PANOH_HTTPS": "no"})
    try:
        taken = fresh.panoh("library", "import", str(cable))
        assert taken.returncode == 0, taken.stderr
        assert taken.stdout.startswith("1 new")
        shown = fresh.panoh("library", "show", "06DUSHANBE412", "--format", "json")
        assert json.loads(shown.stdout)["tags"] == ["PREF", "PREL", "SMIG", "TI"]
        # Other commands still say what is missing, and do nothing by themselves.
        fresh.panoh("database", "stop")
        empty = Installation(reachable_directory / "empty", {"PANOH_HTTPS": "no"})
        refused = empty.panoh("ledger", "verify")
        assert refused.returncode == 1
        assert "panoh migrate" in refused.stderr
        empty.panoh("database", "stop")
    finally:
        fresh.panoh("database", "stop")
