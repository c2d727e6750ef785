"""Names are people, not strings: what lets one name be found however it was written.

A name arrives in Arabic, Cyrillic or Latin letters, spelled by ear. This room turns it into keys that meet
(`keys`), into Latin letters that can be read (`romanise`), and judges how alike two names are and why (`similarity`).
Plain Python: it knows no table and no request, and is used by the register for search and for duplicates.
"""
