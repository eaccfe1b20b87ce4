"""PDF/UA-1 and PDF/A-2a as veraPDF judges them."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from handlers.render.pdf import pdf
from tests.render import verapdf
from tests.render.sample import AT, DRAFT, FINAL
from tests.render.test_hostile_text import HOSTILE


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.MISSING)
def test_draft_and_final_notat_conform_and_one_without_tags_does_not(tmp_path: Path) -> None:
    names = ("final", "draft", "bound", "hostile", "bare")
    final, draft, bound, hostile, bare = (tmp_path / f"{name}.pdf" for name in names)
    final.write_bytes(pdf(FINAL, at=AT))
    hostile.write_bytes(pdf(HOSTILE, at=AT))
    draft.write_bytes(pdf(DRAFT, at=AT))
    bound.write_bytes(pdf(DRAFT, at=AT, longest=4, volume=8))
    with pikepdf.open(final) as file:
        del file.Root.StructTreeRoot
        file.save(bare)
    *good, bad = verapdf.broken(final, draft, bound, hostile, bare)
    assert good == [[], [], [], []]
    assert {rule[:3] for rule in bad} == {"ua1", "2a "}
