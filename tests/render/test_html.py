from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import html as parsed

from handlers.content import Para, Run
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.html import html
from handlers.render.words import TEMPLATES
from tests.render.sample import DRAFT, FINAL

COLOURS = dict(re.findall(r"--(\w+): (#\w+)", (TEMPLATES / "notat.css").read_text(encoding="utf-8")))


def read(page: str) -> Any:
    return parsed.document_fromstring(page)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", ["paper", "tint", "target"])
@pytest.mark.parametrize("ink", ["ink", "faint", "navy", "accent", "amber", "quote"])
def test_every_ink_stands_out_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[ground]) >= 4.5


def test_no_colour_is_used_that_has_no_name() -> None:
    style = (TEMPLATES / "notat.css").read_text(encoding="utf-8")
    _, _, rules = style.partition("* {")
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == []


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_nothing_is_fetched_and_nothing_runs(notat: Notat) -> None:
    page = read(html(notat))
    assert (
        page.xpath("//script | //link | //img | //iframe | //object | //@src | //@style | //@onclick") == []
    )
    assert "url(" not in html(notat)
    assert "@import" not in html(notat)


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_no_heading_level_is_skipped(notat: Notat) -> None:
    levels = [int(node.tag[1]) for node in read(html(notat)).iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_every_way_within_the_page_leads_somewhere(notat: Notat) -> None:
    page = read(html(notat))
    anchors = Counter(page.xpath("//@id"))
    assert max(anchors.values()) == 1
    assert {str(href)[1:] for href in page.xpath("//a/@href[starts-with(., '#')]")} <= set(anchors)
    assert set(page.xpath("//@aria-labelledby")) <= set(anchors)


def test_a_note_leads_to_its_text_and_back() -> None:
    page = read(html(FINAL))
    (call,) = page.xpath("//a[@role='doc-noteref']")
    (note,) = page.xpath(f"//li[@id='{call.get('href')[1:]}']")
    (back,) = note.xpath(".//a[@role='doc-backlink']")
    assert back.get("href") == f"#{call.get('id')}"


def test_the_page_is_danish_and_has_its_landmarks() -> None:
    page = read(html(DRAFT))
    assert page.get("lang") == "da"
    assert page.findtext(".//title") == f"Udkast: {DRAFT.title}"
    assert [len(page.xpath(f"//{mark}")) for mark in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert page.xpath("//body/*[1]/@href") == ["#indhold"]
    assert page.xpath("//main/@id") == ["indhold"]


def test_text_that_looks_like_markup_is_only_text() -> None:
    hostile = "<script>alert(1)</script> {{ it.title }} {% raw %} &amp; \" ' <!-- ]]>"
    run = Run(hostile, href='https://x.example/"onclick="alert(1)')
    notat = replace(FINAL, title=hostile, chapters=(Chapter(Role.SUBMISSION, hostile, (Para((run,)),)),))
    page = read(html(notat))
    assert page.xpath("//script | //@onclick") == []
    assert page.xpath("//main//p")[0].text_content() == hostile
    assert page.xpath("//h1")[0].text_content() == hostile


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.example", "file:///etc/passwd"]
)
def test_a_link_nobody_should_follow_is_only_words(address: str) -> None:
    chapter = Chapter(Role.PART, "Side", (Para((Run("her", href=address),)),))
    page = read(html(replace(FINAL, chapters=(chapter,))))
    assert page.xpath("//main//p//a") == []
    assert page.xpath("//main//p")[0].text_content() == "her"


def test_the_same_notat_gives_the_same_page() -> None:
    assert html(DRAFT) == html(DRAFT)
