"""Pages of the register: parse, obtain, call one operation or query, render."""
