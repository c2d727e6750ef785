"""The register: households, persons and everything that hangs off them.

Pure: `registration` (what a clerk or a workbook hands in), `rules` (what is right), `numbering`, `snapshots`.
With tables: `models`, `queries` (what can be read; starts at `visible_to`), `operations` (one function per act),
`importing` (workbooks of other systems). Numbers are never reused and nothing is deleted: see docs/adr.
"""
