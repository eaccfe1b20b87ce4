"""What parties said that the notat would print without anybody's answer: whole submissions, and points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from handlers.discretion import Veil, veil
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import lack_of, state_of
from handlers.notat.order import Voice, voices
from handlers.notat.passages import about_voice
from handlers.notat.remarks import answers
from handlers.talk.progress import State
from storage.dossier import Dossier, Laid

_LONGEST = 80


def unanswered(dossier: Dossier) -> Iterator[Finding]:
    """Yield submissions that nobody answers though nobody is waited for, and of others the points left over.

    A point is a passage for which a department was asked; it is left over when that department says nothing
    in the notat and none of those does that were asked for the same. They are known where the dossier was
    read with its passages.
    """
    for voice in voices(dossier):
        referrals = voice.bearer.referrals
        said = {answer.laid.referral.id for answer in answers(voice.bearer, dossier)}
        if said:
            over = veil(voice.bearer.party, dossier.hearing)
            silent = [laid for laid in referrals if laid.referral.id not in said and _is_done(laid)]
            answered = {each for laid in referrals if laid.referral.id in said for each in laid.passages}
            yield from _points(voice, dossier, silent, answered, over=over)
        elif referrals and not any(lack_of(laid) for laid in referrals):
            yield about_voice(voice, dossier, Lack.UNANSWERED)


def _is_done(laid: Laid) -> bool:
    """Whether nothing more comes from there; what was sent on is answered elsewhere."""
    return lack_of(laid) is None and state_of(laid) != State.SENT_ON


def _points(
    voice: Voice, dossier: Dossier, silent: list[Laid], answered: set[str], *, over: Veil
) -> Iterator[Finding]:
    about = about_voice(voice, dossier, Lack.POINT_UNANSWERED)
    for laid in silent:
        for point in laid.passages:
            if point not in answered:
                words = " ".join(over.over_cpr(over.over(point)).split())
                yield replace(
                    about, department=laid.seat.name, theme=laid.referral.theme,
                    words=words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …",
                    mark=sha256(point.encode()).hexdigest()[:16],
                )  # fmt: skip
