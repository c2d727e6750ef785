"""Acts and pages that cross rooms, one file or folder each."""
