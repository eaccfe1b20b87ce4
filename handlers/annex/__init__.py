"""The text in a file. Pure; `handlers.extract` runs it in a worker process, since files may be hostile."""
