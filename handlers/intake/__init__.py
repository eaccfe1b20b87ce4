"""What came in becomes a submission of the right hearing by the right party, or is passed over."""
