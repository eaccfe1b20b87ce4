"""What comes of reading a file, and the bounds that hold while it is read."""

from dataclasses import dataclass

from storage.words import Outcome

READER = 1
"""The version of this reader; a text that an older one found is read anew."""

MAX_TEXT = 1_000_000  # signs of one file's text


CUT = "\n[…]"
"""How a text ends that was longer."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file (NFC, LF line ends, at most MAX_TEXT signs), '' unless the outcome is TEXT."""

    outcome: Outcome
    text: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether the file says more than was kept of it."""
        return self.text.endswith(CUT)


class NoTextError(Exception):
    """Why a file gives no text."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome
