"""Every benchmark in turn, a line each: `make bench`."""

from tests.bench import cards, reading, smtp

for bench in (reading, smtp, cards):
    print(bench.measure(), flush=True)  # noqa: T201  the lines are what the command is for
