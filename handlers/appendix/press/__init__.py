"""The press: any file to sheets that may stand in our PDF. Runs in a worker process with limits."""
