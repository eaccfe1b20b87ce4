"""WordprocessingML in the small: elements, runs and paragraphs (ECMA-376 part 1, chapter 17)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from handlers.content import Run

Element = etree._Element  # noqa: SLF001 (lxml's only name for the type)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = {"w": W}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def element(name: str, /, *children: Element, **attributes: str) -> Element:
    """An element with its children and its attributes, all in the main namespace."""
    made = etree.Element(f"{{{W}}}{name}", nsmap=_NAMES)
    for key, value in attributes.items():
        made.set(f"{{{W}}}{key}", value)
    if children:
        made.extend(children)
    return made


def paragraph(*children: Element, style: str = "", properties: tuple[Element, ...] = ()) -> Element:
    """A paragraph; `style` is a style id, `properties` follow it in schema order."""
    chosen = (element("pStyle", val=style),) if style else ()
    head = (element("pPr", *chosen, *properties),) if chosen or properties else ()
    return element("p", *head, *children)


def run(words: Run, *, style: str = "") -> Element:
    """A run of text with its looks; a line end in the text becomes a line break."""
    return element("r", *_looks(words, style), *text(words.text))


def text(words: str) -> Iterator[Element]:
    """The text's lines, with a break between them."""
    for number, line in enumerate(words.split("\n")):
        if number:
            yield element("br")
        made = element("t")
        made.text = line
        made.set(_SPACE, "preserve")
        yield made


def tab() -> Element:
    """A run that goes to the next tab stop."""
    return element("r", element("tab"))


def _looks(words: Run, style: str) -> tuple[Element, ...]:
    looks = [element("rStyle", val=style)] if style else []
    looks += [element(name) for name in ("b", "bCs") if words.bold]
    looks += [element(name) for name in ("i", "iCs") if words.italic]
    looks += [element("strike")] if words.strike else []
    return (element("rPr", *looks),) if looks else ()
