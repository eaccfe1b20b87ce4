"""Where the world comes in and goes out: the doors, the way out for posts and mail, the command line."""
