"""What the pages of this room ask for. Parsing only; every rule stands in `rules` and the operations."""
