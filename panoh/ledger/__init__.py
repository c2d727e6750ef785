"""The ledger: what was done, by whom, by which article, in an order that nobody can bend.

Pure: `canonical` (bytes of a value), `tree` (Merkle tree of RFC 9162), `note` (signed checkpoints), `receipt`.
With tables: `operations` (record, sequence, checkpoint), `queries`, `guard` (no register write without an entry),
`verification` and `replay` (does everything still fit?), `witnesses` (who keeps copies of checkpoints).
The reasons stand in docs/adr/0010-ledger.md; how far it holds, and what it cannot show, in docs/security.md.
"""
