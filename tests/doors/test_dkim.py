"""What the SMTP door makes of a signature: whose it is, whether it holds, and what a hostile one may cost."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from functools import cache
from typing import cast

import dkim  # type: ignore[import-untyped]
import dns.asyncresolver
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.dkim import MAX_MAIL, checked, resolver

MAIL = (
    "From: Karen Eksempel <karen@borger.example>\r\nTo: hoering@kommune.example\r\n"
    "Subject: Indsigelse\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVi ønsker  flere træer.  \r\n\r\n"
).encode()


@cache
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def record() -> bytes:
    der = private().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def signed(
    mail: bytes = MAIL, *, by: str = "borger.example", canonical: str = "relaxed", **more: object
) -> bytes:
    pem = private().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    ways = (canonical.encode(), canonical.encode())
    header: bytes = dkim.sign(mail, b"nu", by.encode(), pem, canonicalize=ways, **more)
    return header + mail


def canned(**records: bytes) -> Callable[[str], Awaitable[bytes | None]]:
    """Answer for `nu._domainkey.borger.example` and its like; keywords are the domains, '_' for a dot."""
    known = {f"nu._domainkey.{domain.replace('_', '.')}": text for domain, text in records.items()}

    async def resolve(name: str) -> bytes | None:
        return known.get(name)

    return resolve


def ours() -> Callable[[str], Awaitable[bytes | None]]:
    return canned(borger_example=record(), post_borger_example=record(), andre_example=record())


@pytest.mark.parametrize("canonical", ["relaxed", "simple"])
async def test_a_mail_signed_by_its_authors_domain_passes(canonical: str) -> None:
    assert await checked(signed(canonical=canonical), keys=ours()) == "pass (dkim borger.example)"


async def test_a_subdomain_speaks_for_its_parent() -> None:
    assert await checked(signed(by="post.borger.example"), keys=ours()) == "pass (dkim post.borger.example)"


@pytest.mark.parametrize(
    ("was", "became"),
    [("flere", "ingen"), ("Indsigelse", "Medhold"), ("karen@borger", "bodil@borger")],
)
async def test_a_mail_that_was_changed_on_the_way_fails(was: str, became: str) -> None:
    changed = signed().replace(was.encode(), became.encode())
    assert await checked(changed, keys=ours()) == "fail: dkim"


async def test_a_mail_without_a_signature_is_not_suspect() -> None:
    assert await checked(MAIL, keys=ours()) == ""


async def test_another_domains_signature_says_nothing() -> None:
    assert await checked(signed(by="andre.example"), keys=ours()) == ""


async def test_one_good_signature_makes_up_for_a_broken_one() -> None:
    broken = signed(MAIL.replace(b"flere", b"ingen")).partition(b"From:")[0]
    assert await checked(broken + signed(), keys=ours()) == "pass (dkim borger.example)"


async def test_line_ends_that_a_server_changed_break_nothing() -> None:
    assert await checked(signed().replace(b"\r\n", b"\n"), keys=ours()) == "pass (dkim borger.example)"


async def test_a_second_from_is_vouched_for_by_nobody() -> None:
    assert await checked(b"From: chef@borger.example\r\n" + signed(), keys=ours()) == ""


async def test_a_signature_that_covers_only_a_part_counts_for_nothing() -> None:
    assert await checked(signed(length=True) + b"Og en linje til.\r\n", keys=ours()) == ""


@pytest.mark.parametrize("text", [b"v=DKIM1; p=", b"v=DKIM1; p=%%%", b"p=" + b"A" * 5_000, b"\xff"])
async def test_a_key_that_is_none_leaves_it_open(text: bytes) -> None:
    assert await checked(signed(), keys=canned(borger_example=text)) == ""


async def test_a_name_server_that_fails_leaves_it_open() -> None:
    async def broken(_name: str) -> bytes | None:
        raise OSError("no route")

    assert await checked(signed(), keys=broken) == ""


async def test_a_name_server_that_is_silent_costs_no_more_than_the_time_there_is() -> None:
    async def silent(_name: str) -> bytes | None:
        await asyncio.sleep(60)
        return None

    start = time.monotonic()
    assert await checked(signed(), keys=silent, within=0.05) == ""
    assert time.monotonic() - start < 2


class NameServer(asyncio.DatagramProtocol):
    """A name server that knows one key, in two pieces behind another record, and is silent about one name."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, wire: bytes, sender: tuple[str, int]) -> None:
        question = dns.message.from_wire(wire)
        answer = dns.message.make_response(question)
        name = question.question[0].name.to_text()
        if name == "nu._domainkey.borger.example.":
            key = record().decode()
            texts = ('"v=spf1 -all"', f'"{key[:200]}" "{key[200:]}"')
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *texts))
        elif name.startswith("nu"):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            return
        self.transport.sendto(answer.to_wire(), sender)


async def test_keys_come_from_name_servers() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    via = dns.asyncresolver.Resolver(configure=False)
    via.nameservers, via.port = ["127.0.0.1"], transport.get_extra_info("sockname")[1]
    try:
        assert await resolver(via)("nu._domainkey.borger.example") == record()
        assert await checked(signed(), keys=resolver(via)) == "pass (dkim borger.example)"
        assert await checked(signed(by="post.borger.example"), keys=resolver(via)) == ""
        silent = signed().replace(b"s=nu", b"s=aldrig")
        assert await checked(silent, keys=resolver(via), within=0.1) == ""
    finally:
        transport.close()


async def test_no_more_than_three_signatures_are_looked_at() -> None:
    asked: list[str] = []

    async def counting(name: str) -> bytes | None:
        asked.append(name)
        return None

    many = b"".join(
        signed().partition(b"From:")[0].replace(b"s=nu", b"s=nu%d" % number) for number in range(50)
    )
    assert await checked(many + MAIL, keys=counting) == ""
    assert len(asked) == 3


SIGNATURE = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=borger.example; s=nu; bh=AAAA; "
HOSTILE = {
    "a long run of spaces": signed() + b" \t" * 2_000_000,
    "nothing but line ends": signed() + b"\r\n" * 2_000_000,
    "a signature of blanks": SIGNATURE + b"h=from; b=" + b" \r\n " * 900 + b"AAAA\r\n" + MAIL,
    "many names signed": SIGNATURE + b"h=from" + b":a" * 1_900 + b"; b=AAAA\r\n" + b"A: b\r\n" * 450 + MAIL,
    "one header of many lines": b"X-A: b" + b"\r\n c" * 15_000 + b"\r\n" + signed(),
    "headers without an end": signed().replace(b"\r\n\r\n", b"\r\n") + b"X: y\r\n" * 100_000,
    "more than is looked at": signed() + b"a" * MAX_MAIL,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_signature_costs_little(name: str) -> None:
    start = time.process_time()
    assert await checked(HOSTILE[name], keys=ours()) in {"", "fail: dkim", "pass (dkim borger.example)"}
    assert time.process_time() - start < 3


@given(st.binary(max_size=300), st.integers(0, 700))
def test_any_bytes_at_all_can_be_checked(noise: bytes, at: int) -> None:
    whole = signed()
    damaged = whole[:at] + noise + whole[at:]
    assert asyncio.run(checked(damaged, keys=ours())) in {"", "fail: dkim", "pass (dkim borger.example)"}
