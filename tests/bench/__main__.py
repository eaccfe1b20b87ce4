"""Every benchmark in turn: `make bench`."""

from tests.bench import cards, hostile, imap, memory, notat, reading, smtp

for bench in (reading, smtp, imap, cards, memory, hostile, notat):
    print(bench.measure(), flush=True)  # noqa: T201  the lines are what the command is for
