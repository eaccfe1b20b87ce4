"""The content of a notat as JSON that others may write: its schema, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import ErrorDetails, core_schema

from handlers.content import Item, Listing, Note, Para, Run, clean
from handlers.notat.shape import Chapter, Fact, Notat, Table, plain

_OURS = (Notat, Chapter, Fact, Table, Para, Listing, Item, Note, Run)
_KINDS = frozenset({"table", "para", "list", "note", "run"})
_MOST = 20  # mistakes told of one file


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `read` takes."""
    drawn = _notat().json_schema(schema_generator=_Kinded)
    return {"$schema": _Kinded.schema_dialect, **drawn}


def read(text: bytes) -> Notat | tuple[str, ...]:
    """Read any bytes at all: the notat, or a sentence for each mistake, beginning with its place."""
    try:
        values = json.loads(text)
    except json.JSONDecodeError as fault:
        return (f"line {fault.lineno}, column {fault.colno}: {fault.msg}",)
    except UnicodeDecodeError as fault:
        return (f"byte {fault.start}: the text is not UTF-8",)
    except RecursionError:
        return ("the values are nested too deep",)
    try:
        found = _notat().validate_json(json.dumps(_cleaned(values)), strict=True)
    except ValidationError as fault:
        return tuple(map(_told, fault.errors(include_url=False)[:_MOST]))
    return tuple(islice(_unprintable(found), _MOST)) or found


def _unprintable(notat: Notat) -> Iterator[str]:
    """Yield a sentence for each piece that no format has a place for: it would be left out without a word."""
    if plain(notat.findings).strip() and not notat.draft.strip():
        yield "findings: only a draft has them, and draft is empty"
    for number, chapter in enumerate(notat.chapters):
        for place, block in enumerate(chapter.body):
            if isinstance(block, Table):
                yield from _of_table(block, place=f"chapters[{number}].body[{place}]")


def _of_table(table: Table, *, place: str) -> Iterator[str]:
    if not table.header:
        yield f"{place}.header: a table must have columns"
    if not any(cell.strip() for row in table.rows for cell in row):
        yield f"{place}.rows: a table must have a row with something in it"
    for number, row in enumerate(table.rows):
        if len(row) != len(table.header):
            yield f"{place}.rows[{number}]: {len(row)} cells, where the header has {len(table.header)}"


class _Kinded(GenerateJsonSchema):
    """What tells one kind of block from another must be said."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        drawn = super().dataclass_schema(schema)
        if "kind" in drawn["properties"]:
            drawn["required"] = ["kind", *drawn.get("required", ())]
        return drawn


@cache
def _notat() -> TypeAdapter[Notat]:
    for each in _OURS:
        # A misspelt key must not take its text with it.
        setattr(each, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 (no field of theirs)
    return TypeAdapter(Notat)


def _cleaned(value: Any) -> Any:
    """The values with text that every format can hold; half of a surrogate pair is no text to a validator."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {clean(key): _cleaned(each) for key, each in value.items()} if isinstance(value, dict) else value


def _told(fault: ErrorDetails) -> str:
    """Where, and what; never what stands there, which may be a citizen's words."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault["loc"]
                    if step not in _KINDS)  # fmt: skip
    return f"{place.removeprefix('.') or 'the whole'}: {fault['msg']}"
