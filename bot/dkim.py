"""Whether a mail that came by the SMTP door was signed by its author's domain (DKIM, RFC 6376)."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import dkim  # type: ignore[import-untyped]
import dns.asyncresolver
import dns.exception
from dkim.util import InvalidTagValueList, parse_tag_value  # type: ignore[import-untyped]

from handlers.letter import addresses, parts
from handlers.letter.authentication import is_aligned

log = logging.getLogger(__name__)

Resolver = Callable[[str], Awaitable[bytes | None]]
"""Gives the TXT record at a name, its pieces joined; None when there is none or nobody answers."""

MAX_MAIL = 10_000_000  # bytes; a body is hashed whole, so a larger mail is not checked at all
_MAX_HEADERS = 65_536  # bytes; what dkimpy does with headers takes the square of their length
_MAX_FIELDS = 500
_MAX_SIGNATURE = 4_096  # bytes of one DKIM-Signature
_MAX_SIGNATURES = 3
_MAX_KEY = 1_500  # bytes; an RSA key of 8,192 bits has 1,416
_PATIENCE = 3.0  # seconds for all keys of a mail
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_SPACES = re.compile(rb"[\t ]+")
_NAME = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?\Z")
_SIGNATURE = b"dkim-signature"


@dataclass(frozen=True, slots=True)
class _Signature:
    """One that counts: `index` is its place among all signatures, `name` where its key stands."""

    index: int
    domain: str
    name: str
    is_relaxed: bool


def resolver(via: dns.asyncresolver.Resolver | None = None) -> Resolver:
    """Ask the machine's own name servers, or those of `via`."""

    async def text(name: str) -> bytes | None:
        try:
            names = via or dns.asyncresolver.get_default_resolver()
            answer = await names.resolve(f"{name}.", "TXT", lifetime=_PATIENCE)
        except (dns.exception.DNSException, OSError):
            return None
        texts = (b"".join(record.strings) for record in answer)
        return next((text for text in texts if b"p=" in text), None)

    return text


async def checked(raw: bytes, *, keys: Resolver, within: float = _PATIENCE) -> str:
    """Check a mail as it came over the wire: 'pass (dkim example.org)', 'fail: dkim', or ''.

    Only a signature by the domain of From counts. '' when there is none, when its key cannot be had within
    `within` seconds or is none, and when the mail is too large: all of that is unknown, not forged. It
    never raises but for being cancelled.
    """
    signatures = _signatures(raw)
    if not signatures:
        return ""
    found = await _found(signatures, keys, within=within)
    able = [signature for signature in signatures if signature.name in found]
    return await asyncio.to_thread(_verified, raw, able, found) if able else ""


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Part a mail into its headers and its body; nothing of a mail whose headers never end."""
    end = _END_OF_HEADERS.search(raw, 0, _MAX_HEADERS)
    return (raw[: end.end()], raw[end.end() :]) if end else (b"", b"")


def _signatures(raw: bytes) -> list[_Signature]:
    head, _ = _parted(raw) if len(raw) <= MAX_MAIL else (b"", b"")
    if _SIGNATURE not in head.lower() or head.count(b"\n") > 4 * _MAX_FIELDS:
        return []
    fields = parts.fields(head)
    author = _author_domain(fields)
    if not author or sum(map(len, fields.values())) > _MAX_FIELDS:
        return []
    read = (_read(index, value) for index, value in enumerate(fields.get(_SIGNATURE.decode(), ())))
    return [found for found in read if found and is_aligned(found.domain, author)][:_MAX_SIGNATURES]


def _author_domain(fields: Mapping[str, Sequence[bytes]]) -> str:
    """Give the domain of From; '' when there is not exactly one author, for then nobody can vouch for it."""
    written = fields.get("from", ())
    if len(written) != 1:
        return ""
    boxes = [box.address for box in addresses.mailboxes(written[0][:10_000]) if box.address]
    return boxes[0].rpartition("@")[2] if len(boxes) == 1 else ""


def _read(index: int, value: bytes) -> _Signature | None:
    """Read a signature; None for one that is damaged, covers the body in part only, or not the author."""
    if len(value) > _MAX_SIGNATURE:
        return None
    try:
        tags = parse_tag_value(value)
        domain, selector = tags[b"d"], tags[b"s"]
        covered = {name.strip().lower() for name in tags[b"h"].split(b":")}
    except (InvalidTagValueList, KeyError):
        return None
    if b"l" in tags or b"from" not in covered or not (_NAME.match(domain) and _NAME.match(selector)):
        return None
    name = f"{selector.decode()}._domainkey.{domain.decode()}".lower()
    is_relaxed = tags.get(b"c", b"").endswith(b"/relaxed")
    return _Signature(index, domain.decode().lower(), name, is_relaxed) if len(name) < 254 else None


async def _found(signatures: Sequence[_Signature], keys: Resolver, *, within: float) -> dict[str, bytes]:
    names = list(dict.fromkeys(signature.name for signature in signatures))
    found: dict[str, bytes] = {}

    async def fetch(name: str) -> None:
        key = await keys(name)
        if key and len(key) <= _MAX_KEY:
            found[name] = key

    try:
        async with asyncio.timeout(within), asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(fetch(name))
    except (TimeoutError, OSError, ExceptionGroup):
        log.info("a key for DKIM could not be had in time")
    return found


def _verified(raw: bytes, signatures: Sequence[_Signature], keys: Mapping[str, bytes]) -> str:
    failed = False
    for signature in signatures:
        held = _holds(raw, signature, keys[signature.name])
        if held:
            return f"pass (dkim {signature.domain})"
        failed = failed or held is False
    return "fail: dkim" if failed else ""


def _holds(raw: bytes, signature: _Signature, key: bytes) -> bool | None:
    """Verify one signature; None when it cannot be: its key or its form is wrong, or dkimpy is at a loss."""
    try:
        dkim.evaluate_pk(signature.name, key)
        head, body = _parted(raw)
        mail = dkim.DKIM(head, logger=_SILENT)
        mail.verify_headerprep(signature.index)
        mail.body = _canonical(body, is_relaxed=signature.is_relaxed)
    except _AT_A_LOSS:
        return None
    try:
        return bool(mail.verify(signature.index, dnsfunc=lambda _name, timeout=0: key))  # noqa: ARG005
    except dkim.ValidationError:
        return False
    except _AT_A_LOSS:
        return None


def _canonical(body: bytes, *, is_relaxed: bool) -> bytes:
    """Do what canonicalization (RFC 6376 §3.4) does to lines; dkimpy takes the square of a run of spaces."""
    body = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n") if is_relaxed else body


_AT_A_LOSS = (dkim.DKIMException, ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
_SILENT = logging.getLogger(f"{__name__}.library")
_SILENT.disabled = True  # it tells whole headers
