"""What can be done with sources: take in, settle, withdraw, redact, confirm a figure, cite, keep lists."""
