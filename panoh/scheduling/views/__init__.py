"""The pages: parse, obtain, call one operation or query, render."""
