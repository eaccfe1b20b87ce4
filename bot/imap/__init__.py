"""The IMAP door: fetches the mail of the hearing mailboxes, and moves each mail when it has been read."""
