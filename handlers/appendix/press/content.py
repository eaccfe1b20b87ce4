"""What stands in the content of a page: its marks taken out, or looked through."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Dictionary, Name, Object

_MARKS = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})
_PAINTS = frozenset(["S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "Do"])


class UnsoundError(Exception):
    """The tags of a document do not tell the whole of it, or tell it in no order that can be kept."""


def unmark(form: Object, *, seen: set[tuple[int, int]] | None = None) -> None:
    """Take away whatever a form and the forms in it are tagged with: it will stand in a tag of ours."""
    seen = set() if seen is None else seen
    if form.objgen in seen:
        return
    seen.add(form.objgen)
    for key in ("/StructParents", "/StructParent"):
        if key in form:
            del form[key]
    data = form.read_bytes()
    if b"BDC" in data or b"BMC" in data:
        kept = [each for each in pikepdf.parse_content_stream(form) if _operator(each) not in _MARKS]
        form.write(pikepdf.unparse_content_stream(kept))
    for inner in forms_in(form):
        unmark(inner, seen=seen)


def forms_in(form: Object) -> Iterator[Object]:
    """Give the forms that a page or a form may draw."""
    resources = form.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    for each in named.values() if isinstance(named, Dictionary) else ():
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == Name.Form:
            yield each


def marked(page: pikepdf.Page) -> set[int]:
    """Give the numbers of the marks on a page.

    Raises:
        UnsoundError: it paints something that is neither tagged nor said to be no content.
    """
    found: set[int] = set()
    open_marks: list[bool] = []
    for each in pikepdf.parse_content_stream(page):
        operator = _operator(each)
        if operator == "BMC":
            open_marks.append(each.operands[0] == Name.Artifact)
        elif operator == "BDC":
            number = _number(each, page)
            found |= set() if number is None else {number}
            open_marks.append(number is not None or each.operands[0] == Name.Artifact)
        elif operator == "EMC" and open_marks:
            open_marks.pop()
        elif operator in _PAINTS and not any(open_marks):
            raise UnsoundError
    return found


def _operator(each: ContentStreamInstruction | ContentStreamInlineImage) -> str:
    # An inline image paints as a form does.
    return "Do" if isinstance(each, ContentStreamInlineImage) else str(each.operator)


def _number(mark: ContentStreamInstruction | ContentStreamInlineImage, page: pikepdf.Page) -> int | None:
    """Give the number of a mark, None when it is for something else."""
    told = mark.operands[1]
    if isinstance(told, Name):
        named = page.obj.get("/Resources", Dictionary()).get("/Properties", Dictionary())
        told = named.get(str(told), Dictionary())
    number = told.get("/MCID") if isinstance(told, Dictionary) else None
    return None if number is None else int(number)
