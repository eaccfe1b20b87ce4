"""What is not the same in what two versions of a notat print: the lines in front, and whole chapters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from handlers.content import Content, load, paragraphs
from handlers.notat.changed import Changed, How, What, how
from handlers.notat.layout import passing_labels
from handlers.notat.shape import Role
from handlers.talk.difference import difference

_FRONT = {Role.PART.value, Role.SECTION.value}

Dumped = Mapping[str, Any]
"""A notat as `shape.dump` gives it."""


def fronts(old: Dumped, new: Dumped) -> Iterator[Changed]:
    """Yield what is another in the title, the department above it, and the case block.

    What no two versions have in common, as their date, is left out.
    """
    for what, key in ((What.TITLE, "title"), (What.OWNER, "owner")):
        yield from _words(what, "", str(old[key]), str(new[key]))
    was, is_ = _facts(old), _facts(new)
    for label in dict.fromkeys([*is_, *was]):
        yield from _words(What.FACT, label, was.get(label, ""), is_.get(label, ""))


def texts(old: Dumped, new: Dumped) -> Iterator[Changed]:
    """Yield the chapters before the submissions that say something else."""
    return _chapters(_front(old), _front(new))


def chapters(old: Dumped, new: Dumped) -> Iterator[Changed]:
    """Yield whichever chapters are not the same, or that they stand in another order."""
    was, is_ = _named(old["chapters"]), _named(new["chapters"])
    found = tuple(_chapters(was, is_))
    if not found and list(was) != list(is_):
        found = (Changed(What.CHAPTERS, How.CHANGED),)
    yield from found


def are_printed_alike(old: Dumped, new: Dumped) -> bool:
    """Whether all chapters are the same, word for word and in their looks."""
    return bool(old["chapters"] == new["chapters"])


def _chapters(was: Mapping[object, Content], is_: Mapping[object, Content]) -> Iterator[Changed]:
    for key in dict.fromkeys([*is_, *was]):
        one, other = was.get(key), is_.get(key)
        if one == other:
            continue
        fate = How.NEW if one is None else How.GONE if other is None else how(one, other)
        yield Changed(What.TEXT, fate, name=_heading(key), stretches=difference(one or (), other or ()))


def _words(what: What, name: str, was: str, is_: str) -> Iterator[Changed]:
    if was != is_:
        one, other = paragraphs(was), paragraphs(is_)
        yield Changed(what, How.CHANGED, name=name, stretches=difference(one, other))


def _facts(content: Dumped) -> dict[str, str]:
    facts = {str(fact["label"]): str(fact["value"]) for fact in content["facts"]}
    return {label: value for label, value in facts.items() if label not in passing_labels()}


def _front(content: Dumped) -> dict[object, Content]:
    return _named(each for each in content["chapters"] if each["role"] in _FRONT)


def _named(given: Iterable[Dumped]) -> dict[object, Content]:
    """The chapters by their headings, each with how often it has stood above one before."""
    counted, found = Counter[str](), dict[object, Content]()
    for each in given:
        heading = str(each["heading"])
        found[heading, counted[heading]] = _plainly(each["body"])
        counted[heading] += 1
    return found


def _heading(key: object) -> str:
    return str(key[0]) if isinstance(key, tuple) else ""


def _plainly(body: Sequence[Dumped]) -> Content:
    """The blocks, a table's rows as paragraphs."""
    blocks: list[Any] = []
    for block in body:
        if block["kind"] == "table":
            rows = ((block["caption"],), block["header"], *block["rows"])
            blocks.extend(each for row in rows for each in paragraphs(" · ".join(row)))
        else:
            blocks.extend(load([dict(block)]))
    return tuple(blocks)
