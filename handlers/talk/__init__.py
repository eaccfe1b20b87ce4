"""What is said in a thread, what of it is meant for the notat, and who said yes."""
