"""What we do about it: a verb is an async step, a noun is pure."""
