import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.portal.danish_dates import written_moment
from handlers.portal.rows import BadRow, Row, rows
from storage.words import PartyKind

HEADER = "Nummer;Dato;Navn;Type;Tekst;Filer;Mail;Adresse\n"
LINE = (
    "7;01-09-2026 12:30;Havnens Lokaludvalg;Lokaludvalg;"
    '"Første linje\n\nAnden ""linje""";kort.pdf|liste.docx;Post@Havnen.example;\n'
)


def read(text: str) -> tuple[Row | BadRow, ...]:
    return rows(text.encode())


def row(text: str) -> Row:
    (found,) = read(text)
    assert isinstance(found, Row), found
    return found


def reason(line: str, *, header: str = HEADER) -> str:
    (found,) = read(header + line)
    assert isinstance(found, BadRow)
    return str(found)


def test_a_row_of_the_portal_is_a_submission() -> None:
    assert row(HEADER + LINE) == Row(
        line=2,
        number="7",
        received_at=datetime(2026, 9, 1, 10, 30, tzinfo=UTC),
        name="Havnens Lokaludvalg",
        kind=PartyKind.LOKALUDVALG,
        text='Første linje\n\nAnden "linje"',
        files=("kort.pdf", "liste.docx"),
        mail="post@havnen.example",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_of_the_export_makes_no_difference(encoding: str) -> None:
    assert rows((HEADER + LINE).encode(encoding)) == read(HEADER + LINE)


def test_commas_line_ends_case_and_order_make_no_difference() -> None:
    turned = 'TEKST,navn,DATO\r\n"Ja, tak\rog nej",Æblehaven,2026-09-01\r\n'
    found = row(turned)
    assert (found.text, found.name, found.number) == ("Ja, tak\nog nej", "Æblehaven", "")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Privatperson/borger", PartyKind.BORGER),
        ("BORGER", PartyKind.BORGER),
        ("", PartyKind.BORGER),
        ("Forening / organisation", PartyKind.FORENING),
        ("Råd", PartyKind.RAAD),
        ("Myndighed (statslig)", PartyKind.MYNDIGHED),
        ("Andet", PartyKind.ANDEN),
    ],
)
def test_the_portals_types_are_kinds_of_party(written: str, kind: PartyKind) -> None:
    assert row(f"dato;navn;tekst;type\n1-9-2026;N;T;{written}\n").kind is kind


def test_a_street_comes_without_its_number() -> None:
    assert (
        row("dato;navn;tekst;vej\n1-9-2026;N;T;Gamle Landevej 12 B, 9999 Lindeborg\n").street
        == "Gamle Landevej"
    )


FILES = {"kort.pdf": "aa", "liste.docx": "bb"}


def test_spaces_and_the_names_letter_case_make_no_difference() -> None:
    here, again = read(
        HEADER
        + LINE
        + LINE.replace("12:30", "kl. 12.30").replace("Første linje", " Første  linje").replace("Havn", "HAVN")
    )
    assert isinstance(here, Row)
    assert isinstance(again, Row)
    assert here.key(FILES) == again.key(FILES)
    assert here.differences(again, mine=FILES, its=FILES) == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Havnens", "Byens", "name"), ("12:30", "12:31", "date"), ("Første", "Ny", "text"),
        ("kort.pdf", "k.pdf", "files"),
    ],
)  # fmt: skip
def test_a_number_makes_a_row_the_same_submission_whatever_it_says(old: str, new: str, what: str) -> None:
    here, there = row(HEADER + LINE), row(HEADER + LINE.replace(old, new))
    assert here.key(FILES) == there.key(FILES)
    assert here.differences(there, mine=FILES, its=FILES) == (what,)
    assert here.key(FILES) != row(HEADER + LINE.replace("7;", "8;").replace(old, new)).key(FILES)


@pytest.mark.parametrize(
    ("old", "new"), [("Havnens", "Byens"), ("12:30", "12:31"), ("Første", "Ny"), ("kort.pdf", "k.pdf")]
)
def test_without_a_number_all_that_a_row_says_makes_it_what_it_is(old: str, new: str) -> None:
    line = LINE.removeprefix("7")
    assert row(HEADER + line).key(FILES) != row(HEADER + line.replace(old, new)).key(FILES)


def test_other_bytes_under_a_files_name_are_a_difference() -> None:
    changed = FILES | {"kort.pdf": "cc"}
    here, unnumbered = row(HEADER + LINE), row(HEADER + LINE.removeprefix("7"))
    assert here.differences(here, mine=changed, its=FILES) == ("files",)
    assert unnumbered.key(changed) != unnumbered.key(FILES)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "1;i går;N;borger;T;;;\n",
            "line 2: dato: must be a date such as 01-09-2026 or 2026-09-01 12:30, not 'i går'",
        ),
        (
            "1;;;borger;;;;\n",
            "line 2: dato: is missing; navn: is missing; tekst: is missing, and there are no files",
        ),
        ("1;1-9-2026;N;rumvæsen;T;;;\n", "line 2: type: must be one of lokaludvalg, "),
        ("1;1-9-2026;N;borger;T;../etc/passwd;;\n", "line 2: filer: must be file names without folders"),
        ("1;1-9-2026;N;borger;T;C:\\x.pdf;;\n", "line 2: filer: must be file names without folders"),
        ("1;1-9-2026;N;borger;T;;nix;\n", "line 2: mail: must be a mail address"),
        ("1;1-9-2026;N;borger;T;;;;for meget\n", "line 2: has 9 values, but the header has 8 columns"),
        (
            '1;1-9-2026;N;borger;"T;;;\n2;1-9-2026;N;borger;T;;;\n',
            "line 2: is not CSV (unexpected end of data)",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_its_reason(line: str, said: str) -> None:
    assert reason(line).startswith(said)


def test_the_rows_around_a_bad_one_go_in() -> None:
    found = read(HEADER + LINE + "8;aldrig;N;borger;T;;;\n\n" + LINE)
    assert [type(each) for each in found] == [Row, BadRow, Row]
    assert [each.line for each in found] == [2, 5, 7]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "line 1: the header lacks the column dato, navn, tekst"),
        ("nummer;navn;tekst\n", "line 1: the header lacks the column dato"),
        ("dato;navn;tekst;svar\n", "line 1: the header names the column tekst twice"),
    ],
)
def test_a_header_that_will_not_do_is_named(header: str, said: str) -> None:
    assert reason("", header=header) == said


def test_a_long_submission_goes_in_whole() -> None:
    assert len(row(f"dato;navn;tekst\n1-9-2026;N;{'x' * 400_000}\n").text) == 400_000


def test_what_no_database_can_keep_is_taken_out() -> None:
    assert row("dato;navn;tekst\n1-9-2026;N;a\x00b\n").text == "ab"


@pytest.mark.parametrize(
    "written",
    [
        "01-09-2026 12:30",
        "1.9.2026 12.30",
        "1/9/26 12:30:00",
        "1. september 2026 kl. 12.30",
        "tirsdag den 1. sept. 2026, kl. 12:30",
        "2026-09-01 12:30",
        "2026-09-01T12:30:00.000",
        "2026-09-01T10:30:00Z",
        "2026-09-01T11:30:00+01:00",
    ],
)
def test_a_danish_date_is_a_moment(written: str) -> None:
    assert written_moment(written) == datetime(2026, 9, 1, 10, 30, tzinfo=UTC)


def test_a_day_without_a_time_is_its_first_minute() -> None:
    assert written_moment("1. januar 2027") == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "31-02-2026", "1-13-2026", "2026-09-01 25:00", "0001-01-01", "1. juli"]
)
def test_what_is_no_date_is_no_moment(written: str) -> None:
    assert written_moment(written) is None


@given(st.binary() | st.binary(max_size=80).map(lambda tail: HEADER.encode() + LINE.encode() + tail))
def test_any_bytes_at_all_can_be_read(raw: bytes) -> None:
    assert all(isinstance(each, Row | BadRow) for each in rows(raw))


@given(st.text(max_size=60))
def test_any_text_in_a_date_gives_a_moment_or_none(text: str) -> None:
    found = written_moment(text)
    assert found is None or found.tzinfo is UTC


cells = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_every_good_row_goes_in_whatever_its_words_are(found: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([("dato", "navn", "tekst"), *(("1-9-2026", name, text) for name, text in found)])
    assert len([each for each in read(out.getvalue()) if isinstance(each, Row)]) == len(found)
