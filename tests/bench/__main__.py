"""Every benchmark in turn: `make bench`."""

from tests.bench import answering, appendix, cards, hostile, imap, memory, notat, posting, reading, smtp

for bench in (reading, smtp, imap, cards, answering, posting, memory, hostile, notat, appendix):
    print(bench.measure(), flush=True)  # noqa: T201  the lines are what the command is for
