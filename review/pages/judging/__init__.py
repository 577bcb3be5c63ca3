"""The reviewers' pages: where to start, a page of criteria with both sides, agreeing with many at once."""
