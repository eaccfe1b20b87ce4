"""Every benchmark in turn: `make bench`."""

from tests.bench import cards, hostile, imap, reading, smtp

for bench in (reading, smtp, imap, cards, hostile):
    print(bench.measure(), flush=True)  # noqa: T201  the lines are what the command is for
