"""What we remember: the nouns, the questions we ask, the raw bytes, the outward queue."""
