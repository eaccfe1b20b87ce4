from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.content import Item, Listing, Note, Para, Run, clean
from handlers.notat.shape import Chapter, Fact, Notat, Role, Table
from handlers.render.docx import docx
from handlers.render.fonts import readable
from handlers.render.html import html
from handlers.render.pdf import pdf
from tests.render import readers
from tests.render.sample import AT, DRAFT, FINAL

LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzæøåÆØÅ0123456789.,;:!?()[]{}<>#*_$%&@\\/\"'`~=+|^–”é€½")
TIDY = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=6).map(" ".join)
LOOKS = st.fixed_dictionaries({look: st.booleans() for look in ("bold", "italic", "strike")})
HREFS = st.sampled_from(["", "https://vesterlund.example/side?a=1&b=2", "mailto:plan@vesterlund.example"])
RUNS = st.builds(lambda text, looks, href: Run(text, **looks, href=href), TIDY, LOOKS, HREFS)
NOTES = st.builds(lambda runs: Note(tuple(runs)), st.lists(RUNS, min_size=1, max_size=2))
INLINES = st.builds(lambda first, rest: (first, *rest), RUNS, st.lists(RUNS | NOTES, max_size=3))
PARAS = st.builds(Para, INLINES, quote=st.booleans())


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    """Lists whose levels are never skipped, as a tidy notat has them."""
    items: list[Item] = []
    for runs in draw(st.lists(INLINES, min_size=1, max_size=5)):
        level = draw(st.integers(0, min(items[-1].level + 1, 4))) if items else 0
        items.append(Item(runs, level, draw(st.booleans())))
    return Listing(tuple(items))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables with whole rows, each with something in it."""
    width = draw(st.integers(1, 4))
    cells = st.lists(TIDY | st.just(""), min_size=width - 1, max_size=width - 1)
    rows = st.lists(st.tuples(TIDY, cells).map(lambda row: (row[0], *row[1])), min_size=1, max_size=3)
    return Table(draw(TIDY), draw(st.tuples(*[TIDY] * width)), tuple(draw(rows)))


BODIES = st.lists(PARAS | listings(), max_size=3).map(tuple)
SHOWN = st.lists(PARAS | listings() | tables(), max_size=3).map(tuple)
CHAPTERS = st.builds(Chapter, st.sampled_from(list(Role)), TIDY, SHOWN)


@st.composite
def notats(draw: st.DrawFn) -> Notat:
    chapters: list[Chapter] = [Chapter(Role.PART, draw(TIDY), draw(BODIES))]
    for chapter in draw(st.lists(CHAPTERS, max_size=4)):
        if chapter.level <= chapters[-1].level + 1:
            chapters.append(chapter)
    draft, findings = draw(st.tuples(st.just("Udkast"), BODIES) | st.just(("", ())))
    return Notat(
        title=draw(TIDY),
        owner=draw(TIDY | st.just("")),
        facts=draw(st.lists(st.builds(Fact, TIDY, TIDY), max_size=3).map(tuple)),
        draft=draft,
        findings_heading="Mangler og bemærkninger",
        findings=findings,
        chapters=tuple(chapters),
        running_title=draw(TIDY | st.just("")),
        case_label=draw(TIDY | st.just("")),
    )


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_all_three_formats_say_what_the_content_says_in_its_order(notat: Notat) -> None:
    readers.assert_all_say(notat, at=AT)


@settings(max_examples=40, deadline=None)
@given(notats())
def test_any_tidy_content_reads_the_same_in_all_three_formats(notat: Notat) -> None:
    readers.assert_all_say(notat, at=AT)


ANY = st.text(st.characters(), max_size=30) | st.text(
    st.sampled_from("\ud800\udfff\u202e\x00\n\t 😀سلام{}<#"), max_size=9
)
ANY_INLINES = st.lists(
    st.builds(Run, ANY, href=ANY) | st.builds(lambda text: Note((Run(text),)), ANY), max_size=3
).map(tuple)
ANY_ITEMS = st.builds(Item, ANY_INLINES, st.integers(-2, 12), st.booleans())
ANY_BLOCKS = st.builds(Para, ANY_INLINES, quote=st.booleans()) | st.lists(ANY_ITEMS, max_size=4).map(
    lambda items: Listing(tuple(items))
)
HEADINGS = ANY.map("A{}".format)
ANY_ROWS = st.lists(st.tuples(HEADINGS, ANY), min_size=1, max_size=3).map(tuple)
ANY_TABLES = st.builds(Table, ANY, st.tuples(ANY, ANY), ANY_ROWS)
ANY_CHAPTERS = st.builds(
    Chapter, st.sampled_from(list(Role)), HEADINGS, st.lists(ANY_BLOCKS | ANY_TABLES, max_size=2).map(tuple)
)
ANY_NOTATS = st.builds(
    Notat,
    facts=st.just(()),
    findings_heading=HEADINGS,
    title=ANY,
    owner=ANY,
    draft=HEADINGS,
    findings=st.lists(ANY_BLOCKS, max_size=2).map(lambda blocks: (Para((Run("A"),)), *blocks)),
    chapters=st.lists(ANY_CHAPTERS, max_size=3).map(tuple),
    running_title=ANY,
    case_label=ANY,
)


@settings(max_examples=40, deadline=None)
@given(ANY_NOTATS)
def test_any_text_at_all_is_printed_and_none_of_it_is_lost(notat: Notat) -> None:
    file = docx(notat)
    assert readers.of_docx(file) == readers.of_html(html(notat))
    said = (clean(text) for _, text in readers.of_content(notat))
    assert [text for _, text in readers.of_docx(file)] == [
        text for text in map(readers.squeezed, said) if text
    ]
    shown = [(kind, readers.squeezed(readable(text))) for kind, text in readers.of_docx(file)]
    assert [kind for kind, _ in readers.of_pdf(pdf(notat, at=AT))] == [kind for kind, text in shown if text]
