"""The appendix: every submission in full, with its files, as one PDF in the notat's numbering."""
