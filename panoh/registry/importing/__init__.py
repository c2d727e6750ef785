"""Workbooks of other systems: read safely (`workbook`), understood (`columns`, `choices`), turned into registrations
(`households`), and taken in or taken back as one act (`batches`)."""
