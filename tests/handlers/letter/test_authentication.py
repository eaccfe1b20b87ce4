"""Whether a mail is from whom it says, by the word of our own server and of no other."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.letter import authentication
from handlers.letter.authentication import Verdict, judged, verdicts
from handlers.letter.shape import Claim
from handlers.mail import Letter, read

MAILS = Path(__file__).parents[2] / "mails"
OURS = ("post.kommune.example",)


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def by(*results: str, server: str = "post.kommune.example; ") -> str:
    head = "".join(f"Authentication-Results: {server}{result}\n" for result in results)
    found = read(f"{head}From: Bo <bo@borger.example>\nSubject: Svar\n\nHej\n".encode())
    return judged(found, trusted=OURS)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=borger.example; dkim=fail header.d=andre.example", "pass"),
        (
            "dmarc=fail (p=none) header.from=borger.example; spf=pass smtp.mailfrom=bo@firma.example",
            "fail: dmarc",
        ),
        ("dkim=pass header.d=borger.example; spf=fail smtp.mailfrom=borger.example", "pass"),
        ("dkim=pass header.i=@post.borger.example", "pass"),
        ("spf=pass smtp.mailfrom=bo@borger.example", "pass"),
        ("dkim=fail header.d=borger.example; spf=softfail smtp.mailfrom=borger.example", "fail: dkim, spf"),
        ("dkim = fail (bad (very) signature; dmarc=pass) header.d=borger.example", "fail: dkim"),
        ('dkim=fail reason="x; dmarc=pass y=z header.d=a.example" header.d=borger.example', "fail: dkim"),
        ("dkim=pass header.d=firma.example; spf=pass smtp.mailfrom=firma.example", ""),
        ("dkim=fail header.d=liste.example; spf=fail smtp.mailfrom=liste.example", ""),
        ("dkim=none; spf=none; dmarc=none", ""),
        ("spf=temperror smtp.mailfrom=borger.example; dkim=permerror header.d=borger.example", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_our_servers_results_are_judged(results: str, expected: str) -> None:
    assert by(results) == expected


def test_results_in_several_headers_of_ours_are_taken_together() -> None:
    assert by("none", "spf=fail smtp.mailfrom=borger.example", "dkim=fail header.d=borger.example") == (
        "fail: dkim, spf"
    )


def test_what_came_with_the_mail_is_not_believed() -> None:
    assert judged(letter("forged-with-results-of-its-own"), trusted=OURS) == "fail: dkim, spf"
    assert judged(letter("forged-with-results-of-its-own"), trusted=("mx.firma.example",)) == ""


def test_nobody_is_believed_who_is_not_named() -> None:
    assert by("dmarc=fail header.from=borger.example", server="mx.firma.example; ") == ""
    assert judged(letter("forged-by-microsoft"), trusted=OURS) == ""


@pytest.mark.parametrize(
    ("name", "expected"), [("authentic-by-microsoft", "pass"), ("forged-by-microsoft", "fail: dmarc")]
)
def test_microsofts_form_names_no_server(name: str, expected: str) -> None:
    assert judged(letter(name), trusted=("Microsoft",)) == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("spf=softfail smtp.mailfrom=borger.example; dmarc=fail; compauth=pass reason=130", "pass"),
        ("spf=none; dkim=none; dmarc=none; compauth=fail reason=001", "fail: compauth"),
        ("dmarc=bestguesspass action=none header.from=borger.example", "pass"),
        ("dmarc=pass header.from=borger.example; compauth=none", "pass"),
    ],
)
def test_microsofts_own_conclusion_goes_first(results: str, expected: str) -> None:
    found = read(f"Authentication-Results: {results}\nFrom: bo@borger.example\n\nHej\n".encode())
    assert judged(found, trusted=("microsoft",)) == expected


def test_other_headers_are_noted_and_not_believed() -> None:
    noted = letter("forged-by-microsoft").authentication
    assert [claim.header for claim in noted] == ["authentication-results", "received-spf"]
    raw = b"Received-SPF: fail\nARC-Authentication-Results: i=1; post.kommune.example; dmarc=fail\n\n"
    assert judged(read(b"From: bo@borger.example\n" + raw), trusted=OURS) == ""


def test_a_mail_that_no_server_judged_is_not_suspect() -> None:
    found = letter("plain-utf8")
    assert (found.authentication, judged(found, trusted=OURS)) == ((), "")


def test_a_header_is_read_into_its_verdicts() -> None:
    spf, dkim = "spf=pass (ok) smtp.mailfrom=bo@borger.example", "DKIM/1 = Pass header.d=b.example"
    claim = Claim("authentication-results", f"Post.Kommune.example 1; {spf}; {dkim}")
    assert verdicts(claim) == (
        Verdict("post.kommune.example", "spf", "pass", "borger.example"),
        Verdict("post.kommune.example", "dkim", "pass", "b.example"),
    )


@pytest.mark.parametrize(
    ("domain", "author", "aligned"),
    [
        ("borger.example", "borger.example", True),
        ("Post.Borger.example", "borger.example", True),
        ("borger.example", "post.borger.example", True),
        ("xborger.example", "borger.example", False),
        ("example", "borger.example", False),
        ("a.borger.example", "b.borger.example", False),
        ("", "", False),
    ],
)
def test_one_domain_speaks_for_another(domain: str, author: str, aligned: bool) -> None:
    assert authentication.is_aligned(domain, author) is aligned


@given(st.text(max_size=200) | st.lists(st.sampled_from([*'();="\\ \n', "dkim", "pass", "a.b"])).map("".join))
def test_any_header_can_be_read(value: str) -> None:
    assert all(verdict.method for verdict in verdicts(Claim("authentication-results", value)))


@pytest.mark.parametrize(
    "value", ["(" * 10_000, '"\\' * 5_000, "a=b;" * 5_000, "a b=" * 3_000, "x" * 1_000_000]
)
def test_hostile_results_are_read_in_bounded_time(value: str) -> None:
    start = time.process_time()
    raw = f"From: bo@borger.example\nAuthentication-Results: {value}\n".encode() * 30 + b"\nHej\n"
    judged(read(raw), trusted=("microsoft",))
    assert time.process_time() - start < 2
