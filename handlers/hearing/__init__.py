"""A hearing as its file describes it."""
