"""Which departments a text concerns, and the passages that say so."""
