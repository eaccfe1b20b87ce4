"""A submission is laid before departments."""
