"""The notat as files: Word, HTML and PDF from the same values."""
