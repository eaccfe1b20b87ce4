"""What a later mail seems to want of the submission before it; a person decides."""

from __future__ import annotations

import re

from storage.asked import Verdict

_LOOKED_AT = 2_000  # signs of the text
_PREFIX = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?(?:sv|svar|re|aw|antw|vs|fw|fwd|vb)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:træk\w*|trukket|tilbagetræk\w*|tilbagekald\w*|annuller\w*)\b[^.!?\n]{0,80}"
    r"\b(?:tilbage|høringssvar\w*|indsigelse\w*|bemærkning\w*|svar)"
    r"|\bwithdraw\w*\b|\bse (?:venligst )?bort fra (?:mit|vores|min|høringssvar)",
    re.IGNORECASE,
)
_REPLACES = re.compile(
    r"\b(?:erstatte\w*|i stedet for|ny(?:e)? (?:version|udgave)|revidere[tr]\w*|rettet (?:version|udgave)"
    r"|korrigere[tr]\w*|opdatere[tr]\w* (?:version|udgave|høringssvar)|replac\w+|revised"
    r"|corrected version)\b",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(
    r"\b(?:suppl\w*|tilføj\w*|tilføjelse\w*|yderligere|uddyb\w*|i tillæg|tillæg til|eftersend\w*|glemte"
    r"|i forlængelse af|bilag(?:et)? mangle\w*|manglede|additional|addition to|forgot)\b",
    re.IGNORECASE,
)
_SEEMS = (
    (Verdict.WITHDRAWN, _WITHDRAWN), (Verdict.REPLACES, _REPLACES), (Verdict.SUPPLEMENT, _SUPPLEMENT),
)  # fmt: skip


def seems(*, subject: str, text: str, before: str) -> Verdict:
    """Guess by what the mail says of itself; `before` is the subject of the submission that is there already.

    A mail that says nothing of the kind and has a subject of its own seems to be new.
    """
    said = f"{subject[:1_000]}\n{text[:_LOOKED_AT]}"
    for verdict, words in _SEEMS:
        if words.search(said):
            return verdict
    return Verdict.SUPPLEMENT if _is_reply_to(subject, before) else Verdict.NEW


def _is_reply_to(subject: str, before: str) -> bool:
    own, others = _bare(subject), _bare(before)
    return own != _plain(subject) and own == others


def _bare(subject: str) -> str:
    at = 0
    for _ in range(20):
        prefix = _PREFIX.match(subject, at, at + 100)
        if prefix is None:
            break
        at = prefix.end()
    return _plain(subject[at:])


def _plain(subject: str) -> str:
    return " ".join(subject[:1_000].casefold().split())
