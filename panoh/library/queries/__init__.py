"""What can be read of sources; every query starts at `documents.visible_to`."""
