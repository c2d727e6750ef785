"""Writes the synthetic operation into the register: rows by COPY, each with the ledger entry of its act.

Called by `panoh demo load` alone, as the owner of the schema. The guards of the ledger stay on: every row finds its entry
in its own transaction.
"""
