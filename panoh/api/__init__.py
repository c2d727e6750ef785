"""The public API: what a member's own programs ask, through the same doors, queries and refusals as the pages.

Views are marked `access.pages.for_programs`; `description` is the OpenAPI document, made of the tables that the views read
their parameters from. Refusals are Problem JSON (RFC 9457), written by `web.problems`.
"""
