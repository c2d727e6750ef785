"""Pages of this room: parse, obtain, call one operation or query, render."""
