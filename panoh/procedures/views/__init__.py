"""Pages of cases: parse, obtain, call one operation or query, render."""
