"""Two versions of a Word file as one with tracked changes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document

from handlers.content import Para, Run
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.docx import docx
from handlers.render.redline import RedlineError, redline
from tests.handlers.building import NOW

_NOTAT = Notat("Notat", "Park", (), "", "", (), (), "Notat", "2026-17")


def test_what_was_put_in_and_taken_out_is_tracked_with_who_and_when() -> None:
    one, other = (
        replace(_NOTAT, chapters=(Chapter(Role.PART, "Svar", (Para((Run(f"Vi planter {many} træer."),)),)),))
        for many in ("ti", "tolv")
    )
    tracked = redline(docx(one, at=NOW), docx(other, at=NOW), author="hoeringsbot", at=NOW)
    body = Document(io.BytesIO(tracked)).element.body
    put_in = ["".join(each.itertext()) for each in body.iter("{*}ins")]
    taken_out = ["".join(each.itertext()) for each in body.iter("{*}del")]
    assert ("tolv" in "".join(put_in), "ti" in "".join(taken_out)) == (True, True)
    authors = {
        value for each in body.iter("{*}ins") for name, value in each.items() if name.endswith("}author")
    }
    assert authors == {"hoeringsbot"}


def test_what_cannot_be_compared_is_told_in_a_sentence_without_a_word_of_the_files() -> None:
    with pytest.raises(RedlineError, match=r"could not compare these \(status \d+\)\.$"):
        redline(b"Ole bor her.", b"Ole bor der.", author="hoeringsbot", at=NOW)
