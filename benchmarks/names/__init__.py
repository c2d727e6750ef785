"""What the identity engine is measured with: registers of any size, newcomers, planted duplicates, and the peers.

Used by `benchmarks/identity.py` alone. Nothing here is part of the product, and nothing here is known to its engine.
"""
