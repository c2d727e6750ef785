"""Reading sources: bytes in, fields and paragraphs out. Plain Python; knows no framework, fetches nothing, executes nothing.

`files.read_file(name, bytes)` is the door. What a reader was not sure of stands in `Reading.doubts`, for a person to settle.
"""
