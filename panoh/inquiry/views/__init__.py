"""Pages: `own_case` for whoever holds a code, `codes` for the officer who makes one."""
