"""Spam by the word of the mail server that took the mail in, as it stands in the headers."""

import re
from collections.abc import Callable

from handlers.letter import words
from handlers.letter.parts import Part

_MARKED_SPAM = re.compile(r"\bsfv:(?:spm|skb|sks)\b")
_NUMBER = re.compile(r"-?\d{1,4}")
_LEVEL = re.compile(r"\bscl:(-?\d{1,2})\b")
_FOREFRONT, _LEVEL_ALONE = "x-forefront-antispam-report", "x-ms-exchange-organization-scl"
_LEAST = 5  # Microsoft's spam confidence level from which mail goes to the junk folder
_RSPAMD_SAYS_SO = frozenset({"add header", "rewrite subject", "reject", "quarantine"})


def is_marked(root: Part) -> bool:
    """Tell whether the server calls it spam. Of several verdicts the topmost holds: it is the last given.

    Headers below it were there when the mail came in, and anybody can have written them.
    """
    if root.headers.keys().isdisjoint(_VERDICTS):
        return False
    for name, values in root.headers.items():
        if name == _LEVEL_ALONE and _FOREFRONT in root.headers:
            continue
        judge = _VERDICTS.get(name)
        verdict = judge(words.text(values[0][:2_000]).lower()) if judge else None
        if verdict is not None:
            return verdict
    return False


def _yes(value: str) -> bool | None:
    if value.startswith(("yes", "true", "spam")):
        return True
    return False if value.startswith(("no", "false", "ham")) else None


def _rspamd(value: str) -> bool | None:
    """Read `default: True [16.20 / 15.00]`, what Rspamd says at length."""
    return _yes(value.partition(":")[2].strip())


def _action(value: str) -> bool | None:
    return value in _RSPAMD_SAYS_SO if value else None


def _level(value: str) -> bool | None:
    return int(value) >= _LEAST if _NUMBER.fullmatch(value) else None


def _forefront(value: str) -> bool | None:
    """Read `SCL:5;SFV:SPM`: a level alone may be an administrator's rule for mail from outside."""
    level = _LEVEL.search(value)
    return int(level[1]) >= _LEAST and bool(_MARKED_SPAM.search(value)) if level else None


_VERDICTS: dict[str, Callable[[str], bool | None]] = {
    "x-spam-flag": _yes,
    "x-spam-status": _yes,
    "x-spam": _yes,
    "x-barracuda-spam-status": _yes,
    "x-spamd-result": _rspamd,
    "x-rspamd-action": _action,
    _FOREFRONT: _forefront,
    _LEVEL_ALONE: _level,
}
