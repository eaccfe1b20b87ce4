"""What a mail says: pure modules that `handlers.mail` puts together, none of which ever raises."""
