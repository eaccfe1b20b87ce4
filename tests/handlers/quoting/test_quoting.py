"""What the sender wrote now, in whole mails."""

from pathlib import Path

import pytest

from handlers.mail import Letter, content_key, read
from handlers.quoting import Cut, cut

MAILS = Path(__file__).parents[2] / "mails"
FIRM = "Vi holder fast i, at træerne på Ågade skal blive."


def letter(name: str) -> Letter:
    return read((MAILS / f"{name}.eml").read_bytes())


def now(name: str) -> str:
    return cut(letter(name)).text


def test_an_attribution_that_is_wrapped_belongs_to_the_quote() -> None:
    found = cut(letter("answer-above-a-wrapped-attribution"))
    assert found.text == f"Tak for jeres mail. {FIRM}"
    assert found.rest.startswith(
        "Den fre. 21. nov. 2025 kl. 09.30 skrev Plan og Byg <\nplan@kommune.example>:\n\n> K"
    )


def test_what_stands_under_outlooks_headers_is_no_answer() -> None:
    found = cut(letter("answer-above-outlooks-headers"))
    assert found.text == FIRM
    assert found.rest.startswith("Med venlig hilsen\nKaren Eksempel\n")
    assert found.rest.endswith("Kære Karen\n\nVi har modtaget jeres høringssvar.")


def test_an_answer_below_the_quote_is_found() -> None:
    assert now("answer-below-the-quote") == "Tak. Vi eftersender et kort over træerne."


@pytest.mark.parametrize("name", ["answers-between-quotes", "html-gmail-answers-between-quotes"])
def test_answers_between_quotes_are_the_senders(name: str) -> None:
    assert now(name) == "Kære Plan og Byg\n\nTolv lindetræer.\n\nI 1931."


def test_a_page_is_quoted_from_outlooks_line_on() -> None:
    found = cut(letter("html-outlook-line-above-the-quote"))
    assert found.text == f"{FIRM}\n\nLinde 12"
    assert found.rest.endswith("Vi har modtaget jeres høringssvar.")


@pytest.mark.parametrize(
    "name",
    [
        "answers-said-to-stand-in-red-below",
        "letterhead-above-the-letter",
        "route-that-looks-like-headers",
        "passage-cited-by-hand",
        "nothing-but-a-quote",
        "forward-without-a-prefix",
        "html-apple-passed-on",
        "plain-utf8",
    ],
)
def test_nothing_is_cut_from_what_only_looks_like_a_quote(name: str) -> None:
    mail = letter(name)
    signature = "\n\nMed venlig hilsen\nKaren Eksempel"
    assert now(name) == mail.text.removesuffix(signature)


def test_a_postscript_stays_when_the_signature_goes() -> None:
    found = cut(letter("postscript-below-the-signature"))
    assert found.text == (
        "Vi ønsker, at træerne på Ågade bliver stående.\n\nPS: Stien langs mosen bør også have lys."
    )
    assert "12 34 56 78" in found.rest
    assert found.rest.endswith("Sendt fra min iPhone")


def test_a_page_tells_which_spans_of_its_text_are_quoted() -> None:
    mail = letter("html-gmail-answers-between-quotes")
    assert [mail.text[start:end] for start, end in mail.quoted] == [
        "Den fre. 21. nov. 2025 kl. 09.30 skrev Plan og Byg <plan@kommune.example>:",
        "Hvor mange træer drejer det sig om?",
        "Og hvornår blev de plantet?\nMed venlig hilsen\nPlan og Byg",
    ]


def test_a_page_that_holds_our_own_marks_keeps_them_and_is_cut_all_the_same() -> None:
    mail = letter("html-that-holds-our-own-marks")
    assert mail.text.startswith("Vi holder fast.\ue004\ue006\n")
    assert cut(mail).text == "Vi holder fast.\ue004\ue006"


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_spans_are_in_order_and_no_part_of_what_a_mail_is_known_by(path: Path) -> None:
    mail = read(path.read_bytes())
    bounds = [bound for span in mail.quoted for bound in span]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(mail.text) for bound in bounds)
    assert isinstance(cut(mail), Cut)


def test_spans_survive_the_texts_before_them() -> None:
    plain = "Content-Type: text/plain; charset=utf-8\n\nFørst  dette: e\u0301\n\n".encode()
    page = b"Content-Type: text/html\n\n<p>Ja</p><blockquote type=cite><p>Er I enige?</p></blockquote>\n"
    mail = read(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=g\n\n--g\n"
        + plain
        + b"--g\n"
        + page
        + b"--g--"
    )
    assert [mail.text[start:end] for start, end in mail.quoted] == ["Er I enige?"]
    assert content_key(mail) == content_key(
        read(b"From: a@b.example\nContent-Type: text/plain\n\n" + mail.text.encode())
    )
