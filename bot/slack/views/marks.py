"""What the card says of doubt: late, later mails, a campaign, who passed it on, what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.slack.views import elements
from bot.slack.views.elements import Json
from bot.slack.views.split import short
from handlers.notat.counting import is_late, is_withdrawn
from storage.asked import About
from storage.dossier import Filed
from storage.models import Hearing, Submission
from storage.questions import TELLING
from templates import say

_MARKS = "slack/marks.j2"
_MOST_NUMBERS, _MOST_MAILS, _MOST_NOTES, _MOST_FILES = 10, 5, 5, 3
_FILE_NAME = 80
_OF_FILES = "annex_"
_FAILED = "fail"


def late(filed: Filed, hearing: Hearing) -> str:
    """What follows the moment it was received; empty when that was in time."""
    if not is_late(filed, hearing):
        return ""
    decided = next((each.verdict for each in filed.asked if each.question.about == About.LATE), "")
    return ", " + _say("late", decided=decided)


def lines(filed: Filed, *, numbers: Sequence[int]) -> Iterator[list[Json]]:
    """Yield what came of it since, and `numbers`, the submissions that stand behind it."""
    mails = [(each.verdict, each.follow_up.received_at) for each in filed.followed if each.verdict in TELLING]
    if mails:
        shown = mails[-_MOST_MAILS:]
        told = _say("later", mails=shown, left_out=len(mails) - len(shown), withdrawn=is_withdrawn(filed))
        yield elements.line(_say("later_label"), told[:1].upper() + told[1:])
    if numbers:
        some = numbers[:_MOST_NUMBERS]
        told = _say("campaign", count=len(numbers), numbers=some, more=len(numbers) - len(some))
        yield elements.line(_say("campaign_label"), told)


def notes(submission: Submission) -> list[Json]:
    """What people should know of the mail itself, as blocks; none when all is well."""
    told = [*_origin(submission), *flaws(submission.flaws)]
    if not told:
        return []
    if len(told) > _MOST_NOTES:
        told[_MOST_NOTES:] = [_say("more_notes", count=len(told) - _MOST_NOTES)]
    label = elements.section([elements.raw(f"{_say('notes_label')}:", bold=True)])
    return [elements.rich(label, elements.bullets(told))]


def flaws(flaws: Sequence[str]) -> list[str]:
    """What could not be read, in sentences: of each kind one, with the files' names where it is of files."""
    files: dict[str, list[str]] = {}
    for flaw in flaws:
        kind, _, where = flaw.partition(": ")
        files.setdefault(kind, []).append(where)
    return list(dict.fromkeys(_flaw(kind, found) for kind, found in files.items()))


def _flaw(kind: str, found: Sequence[str]) -> str:
    if not kind.startswith(_OF_FILES):
        return _say("flaw", kind=kind, files=())
    names = list(dict.fromkeys(short(name, _FILE_NAME) for name in found if name))
    shown = [f"»{name}«" for name in names[:_MOST_FILES]]
    more = len(names) - len(shown)
    return _say("flaw", kind=kind, files=[*shown, _say("more_files", count=more)] if more else shown)


def _origin(submission: Submission) -> Iterator[str]:
    if submission.forwarded_by:
        yield _say("forwarded")
    verdict, _, how = submission.authentication.partition(":")
    if verdict.strip() == _FAILED:
        yield _say("unproven", how=short(how, _FILE_NAME))


def _say(phrase: str, **values: Any) -> str:
    return say(_MARKS, phrase, **values)
