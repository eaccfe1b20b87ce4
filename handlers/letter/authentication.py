"""Whether a mail is from whom it says: what servers claim about it, read with due distrust (RFC 8601)."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from handlers.letter import charset
from handlers.letter.parts import Part
from handlers.letter.shape import Claim, Letter

MICROSOFT = "microsoft"
"""What to trust for Microsoft 365, whose results name no server."""

_RESULTS = "authentication-results"
_HEADERS = (_RESULTS, "arc-authentication-results", "received-spf")
_MOST_HEADERS, _LONGEST, _MOST_RESULTS = 20, 10_000, 100
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[()"]|;|\\.|[^()";\\]+|\\', re.DOTALL)
_BLUNT = re.compile(r"[\s=]")  # what is quoted must not read as a result
_METHOD = re.compile(r"\s*([a-z][a-z0-9-]{0,30})(?:\s*/\s*\d{1,3})?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(
    r"(?:\A|\s)([a-z]{1,20}\.[a-z0-9_.-]{1,30})\s*=\s*(?:\"([^\"]*)\"|([^\s\"]+))", re.IGNORECASE
)
_ABOUT = ("header.from", "header.d", "header.i", "smtp.mailfrom", "smtp.helo")
_FAILED = frozenset({"fail", "hardfail", "softfail"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """One method's result in one claim: `server` is '' in Microsoft's form; `domain` is what it is about."""

    server: str
    method: str
    result: str
    domain: str


def claims(root: Part) -> tuple[Claim, ...]:
    """Keep what servers wrote about a mail, each header's topmost first; nothing is read or believed yet."""
    return tuple(
        Claim(name, charset.clean(charset.guess(value[:_LONGEST])))
        for name in _HEADERS
        if name in root.headers
        for value in root.headers[name][:_MOST_HEADERS]
    )


def verdicts(claim: Claim) -> tuple[Verdict, ...]:
    """Read one Authentication-Results header; empty for any other, and for one that says nothing."""
    if claim.header != _RESULTS:
        return ()
    server, results = _split(claim.value)
    return tuple(_verdicts(server, results))


def judged(letter: Letter, *, trusted: Collection[str]) -> str:
    """Tell whether our own server found the mail genuine: 'pass', 'fail: dmarc', 'fail: dkim, spf' or ''.

    `trusted` are the names (authserv-id) under which our servers write, and 'microsoft' where Microsoft 365
    receives our mail. Only the topmost headers are believed, as far down as they are all ours: what stands
    below came with the mail. '' where nothing is known, which is not a failure.
    """
    ours = {name.strip().lower() for name in trusted}
    written = (_split(claim.value) for claim in letter.authentication if claim.header == _RESULTS)
    believed = takewhile(lambda each: (each[0] or MICROSOFT) in ours, written)
    found = [verdict for server, results in believed for verdict in _verdicts(server, results)]
    return _judgement(found, author=_domain(letter.sender.address))


def is_aligned(domain: str, author: str) -> bool:
    """Tell whether a domain speaks for the author's (RFC 7489 §3.1, relaxed): the same, or one in the other.

    Two that only share a parent are not held to be one: that takes the list of public suffixes.
    """
    domain, author = domain.lower().strip("."), author.lower().strip(".")
    if not domain or not author or "." not in domain:
        return False
    return domain == author or author.endswith(f".{domain}") or domain.endswith(f".{author}")


def _judgement(found: Sequence[Verdict], *, author: str) -> str:
    composite = next((verdict.result for verdict in found if verdict.method == "compauth"), "")
    policy = next((verdict.result for verdict in found if verdict.method == "dmarc"), "")
    if composite in {"pass", "fail"}:
        return "pass" if composite == "pass" else f"fail: {'dmarc' if policy == 'fail' else 'compauth'}"
    if policy in {"pass", "bestguesspass", "fail"}:
        return "fail: dmarc" if policy == "fail" else "pass"
    results = {
        method: {
            verdict.result for verdict in found if verdict.method == method and _is_about(verdict, author)
        }
        for method in ("dkim", "spf")
    }
    if any("pass" in each for each in results.values()):
        return "pass"
    failed = [method for method, each in results.items() if each & _FAILED]
    return f"fail: {', '.join(failed)}" if failed else ""


def _is_about(verdict: Verdict, author: str) -> bool:
    """Another domain's result says nothing of the author; one that names none can only tell of a failure."""
    if not verdict.domain:
        return verdict.result != "pass"
    return is_aligned(verdict.domain, author)


def _split(value: str) -> tuple[str, list[str]]:
    """Part a header into its server, '' when it names none, and its results; comments are dropped."""
    pieces, depth = [[""]], 0
    for sign in _SIGN.findall(value):
        if sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth:
            continue
        elif sign == ";":
            pieces.append([])
        else:
            pieces[-1].append(_BLUNT.sub("_", sign) if sign.startswith('"') else sign)
    results = [" ".join("".join(piece).split()) for piece in pieces]
    if "=" in results[0] or not results[0]:
        return "", results
    return results[0].split()[0].strip('"').lower(), results[1:]


def _verdicts(server: str, results: Sequence[str]) -> Iterator[Verdict]:
    for result in results[:_MOST_RESULTS]:
        found = _METHOD.match(result)
        if found:
            said = {name.lower(): quoted or plain for name, quoted, plain in _PROPERTY.findall(result)}
            about = next((said[name] for name in _ABOUT if name in said), "")
            yield Verdict(server, found[1].lower(), found[2].lower(), _domain(about.lower()))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip(" <>.,")
