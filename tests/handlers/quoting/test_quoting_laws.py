"""What holds whatever is cut."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from handlers.letter import plaintext, quotes
from handlers.mail import Letter, read
from handlers.quoting import Cut, cut

OWN = [
    "Vi ønsker træer på Ågade.",
    "Tak for jeres mail.",
    "Ja",
    "12 træer",
    "Den 3. maj 2025 skrev I til os.",
    "Mine svar står herunder.",
    "PS. Også støj.",
    "- støj\n- skygge",
    "Vi ønsker afstanden\n> 50 m",
]
CLOSING = [
    "Mvh Karen",
    "Med venlig hilsen\n\nKaren Holm\nTlf. 12 34 56 78",
    "-- \nKaren Holm",
    "/Karen",
    "Sendt fra min iPhone",
    "Hent Outlook til iOS<https://aka.ms/x>",
    "_____",
    "* * *",
    "\u1427",
]
QUOTED = [
    "> Kære Karen\n>\n> Fristen er nu.",
    ">> Fristen er nu",
    "Den 24. nov. 2025 kl. 10.00 skrev Plan og Byg <plan@kommune.example>:",
    "Den 24. nov. 2025 kl. 10.00 skrev Plan og Byg <plan@kommune.example>:\n\n> Kære Karen",
    "Den fre. 21. nov. 2025 kl. 09.30 skrev Plan og Byg <\nplan@kommune.example>:\n> Kære Karen",
    "> Karen skrev:\n> Ja",
    "-----Oprindelig meddelelse-----",
    "Fra: Plan <plan@kommune.example>\nSendt: 21. november 2025\nTil: Karen\nEmne: Høring",
    "---------- Forwarded message ---------",
]
LINES = [
    "",
    "",
    *(line for block in (*OWN, *CLOSING, *QUOTED) for line in block.split("\n")),
    "| a",
    "PB> ja",
    "\u3000",
]
EMPTY = read(b"")
MAILS = st.lists(st.sampled_from(LINES), max_size=25).map("\n".join)
# Words of one's own, then one history, signed at most once: what people write between two signatures may be a
# signature itself, and who says that the answers stand below means what is quoted there.
WHOLE_BLOCKS = st.builds(
    lambda own, closing, quoted: "\n\n".join([OWN[0], *own, *closing, *quoted]),
    st.lists(st.sampled_from([own for own in OWN if "herunder" not in own and ">" not in own]), max_size=6),
    st.lists(st.sampled_from(CLOSING), max_size=1),
    st.lists(st.sampled_from(QUOTED[2:]), max_size=1),
)
SUBJECTS = st.sampled_from(["SV: Høring", "VS: Høring", ""])


def letter(text: str, subject: str = "SV: Høring", quoted: tuple[tuple[int, int], ...] = ()) -> Letter:
    return replace(EMPTY, text=text, subject=subject, quoted=quoted)


def is_part_in_order(part: list[str], whole: list[str]) -> bool:
    left = iter(whole)
    return all(any(line == other for other in left) for line in part)


def keeps_all(found: Cut, text: str) -> bool:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    sides = [[line.strip() for line in side.split("\n") if line.strip()] for side in (found.text, found.rest)]
    in_order = all(is_part_in_order(side, lines) for side in sides)
    return in_order and sorted(sides[0] + sides[1]) == sorted(lines)


@given(st.text() | MAILS, SUBJECTS)
def test_any_text_can_be_cut_and_nothing_is_lost(text: str, subject: str) -> None:
    found = cut(letter(text, subject))
    assert keeps_all(found, text)
    assert bool(found.text.strip()) == bool(text.strip())


@given(MAILS, st.lists(st.integers(0, 400), max_size=6))
def test_any_spans_can_be_cut_and_nothing_is_lost(text: str, bounds: list[int]) -> None:
    ordered = sorted(bounds)
    spans = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    assert keeps_all(cut(letter(text, quoted=spans)), text)


@given(WHOLE_BLOCKS)
def test_what_was_written_now_has_nothing_left_to_cut(text: str) -> None:
    once = cut(letter(text)).text
    assert cut(letter(once)).text == once


TAGS = [
    "p",
    "div",
    "b",
    "ul",
    "li",
    "table",
    "td",
    "pre",
    "span",
    "blockquote",
    "blockquote type=cite",
    "div class=gmail_attr",
    "div id=divRplyFwdMsg",
    "div style='border-top:solid'",
]
WORDS = st.sampled_from(
    ["Ja", " ", "Fra: ", "e\u0301", "\u0301", "\ue004", "&#xe005;", "&nbsp;", "<br>", "<hr>", "\u2028"]
)
PAGES = st.recursive(
    WORDS,
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].split()[0]}>"
    ),
    max_leaves=30,
)


@given(st.lists(PAGES, max_size=5).map("".join))
def test_spans_of_a_page_lie_in_its_text_and_change_nothing_in_it(page: str) -> None:
    mail = read(b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n" + page.encode())
    bounds = [bound for span in mail.quoted for bound in span]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(mail.text) for bound in bounds)
    assert all(mail.text[start:end] == mail.text[start:end].strip() != "" for start, end in mail.quoted)
    bare = (
        page.replace("blockquote type=cite", "blockquote")
        .replace("div class", "div x")
        .replace("div id", "div x")
    )
    assert plaintext.from_html(bare) == plaintext.from_html(page)


@given(st.text(st.sampled_from("a \n\u3000\u2028")), st.integers(0, 20), st.integers(1, 20))
def test_a_span_counted_in_signs_is_found_in_the_text(text: str, start: int, size: int) -> None:
    for begin, end in quotes.placed(text, ((start, start + size),)):
        assert len("".join(text[:begin].split())) == start
        assert len("".join(text[begin:end].split())) == min(size, len("".join(text.split())) - start)
