"""The ledger's pages: its state and entries, one entry with its proof, checkpoints for witnesses, the check of a receipt.

They stand here and not in `panoh.ledger`, because they need actors and files: the ledger lies below `access` and
`registry` and knows neither.
"""
