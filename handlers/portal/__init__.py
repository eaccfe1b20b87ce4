"""The hearing portal's export, row by row."""
