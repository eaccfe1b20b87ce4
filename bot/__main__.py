"""`python -m bot` is `hoeringsbot`."""

from bot.cli import main

main()
