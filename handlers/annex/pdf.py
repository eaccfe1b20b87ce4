"""The text of a PDF: what its pages show, what was filled into its form and written on top of it."""

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

from handlers.annex.shape import MAX_TEXT, NoTextError
from storage.words import Outcome

MAX_PAGES = 5_000

_HYPHEN = "\ufffe"  # what pdfium puts for a hyphen that only divides a word at the end of a line
_WRITTEN = b"Contents"
_FIELDS = frozenset(
    {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
)
_MAX_NOTES = 2_000  # annotations of one page


def text(payload: bytes) -> str:
    """Give the text of a PDF, '' for a scan without a text layer. Raises NoTextError."""
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        raise NoTextError(_reason(error)) from error
    try:
        if len(document) > MAX_PAGES:
            raise NoTextError(Outcome.TOO_LARGE)
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()
        return "\n\n".join(_pages(document))
    finally:
        document.close()


def _reason(error: pypdfium2.PdfiumError) -> Outcome:
    is_locked = error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
    return Outcome.LOCKED if is_locked else Outcome.DAMAGED


def _pages(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """A page that is damaged does not take the others with it, unless all are."""
    room, is_any_whole = MAX_TEXT, len(document) == 0
    for number in range(len(document)):
        try:
            found = _read(document[number], document.formenv)
        except pypdfium2.PdfiumError:
            continue
        is_any_whole = True
        room -= len(found)
        yield found
        if room <= 0:
            return
    if not is_any_whole:
        raise NoTextError(Outcome.DAMAGED)


def _read(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None) -> str:
    try:
        return words(page, form)
    finally:
        page.close()


def words(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None) -> str:
    """Give what a page says, and what was filled in and written on top of it."""
    layer = page.get_textpage()
    shown = layer.get_text_range() if layer.count_chars() else ""
    layer.close()
    shown = shown.replace(f"{_HYPHEN}\r\n", "").replace(_HYPHEN, "")
    return "\n".join([shown, *_notes(page, form)])


def _notes(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None) -> Iterator[str]:
    """Fields of a form and texts put on the page are no part of its content, and hold the answer."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        if kind in {pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_TEXT}:
            yield _string(lambda *room: pdfium.FPDFAnnot_GetStringValue(note, _WRITTEN, *room))  # noqa: B023
        elif kind == pdfium.FPDF_ANNOT_WIDGET and form and _is_filled(form, note):
            yield _string(lambda *room: pdfium.FPDFAnnot_GetFormFieldValue(form, note, *room))  # noqa: B023
        pdfium.FPDFPage_CloseAnnot(note)


def _is_filled(form: pypdfium2.PdfFormEnv, note: pdfium.FPDF_ANNOTATION) -> bool:
    """Tell a field that people write or choose words in from a box to tick and a button."""
    return pdfium.FPDFAnnot_GetFormFieldType(form, note) in _FIELDS


def _string(ask: Callable[..., int]) -> str:
    """Ask pdfium for a string: first how many bytes it takes, then for the bytes."""
    size = min(ask(None, 0), 2 * MAX_TEXT)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    ask(buffer, ctypes.sizeof(buffer))
    return bytes(buffer).decode("utf-16-le", "replace").partition("\x00")[0]
