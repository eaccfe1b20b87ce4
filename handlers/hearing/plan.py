"""What a hearing is to be, as its file says it, and how two such plans differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from handlers.local_time import COPENHAGEN
from storage.words import HeadingForm, Layout, Order, PartyKind, PrivatePersons, Refer


@dataclass(frozen=True, slots=True)
class DepartmentPlan:
    """A department's place in the hearing. `channel` is an id or "#name".

    `approvers` and `deputies` are ids of people and of user groups.
    """

    key: str
    name: str
    short: str
    channel: str
    approvers: tuple[str, ...]
    topics: tuple[str, ...]
    deputies: tuple[str, ...] = ()
    genitive: str = ""


@dataclass(frozen=True, slots=True)
class HeardPlan:
    """A party that was asked. `heading` and `short` are never empty; `group` may be.

    `mail` holds the addresses it writes from, in lower case.
    """

    name: str
    heading: str
    short: str
    group: str
    weight: int
    kind: PartyKind
    aliases: tuple[str, ...]
    mail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HearingPlan:
    """One hearing. Times are aware UTC, `addresses` in lower case, departments and heard in the file's order.

    `texts` always has every name of a text as its keys; "" where not given.
    """

    key: str
    title: str
    municipality: str
    case_number: str
    owner: str
    opens: datetime
    deadline: datetime
    answer_deadline: datetime
    addresses: tuple[str, ...]
    coordinators: tuple[str, ...]
    coordination_channel: str
    four_eyes: bool
    refer: Refer
    heading_form: HeadingForm
    order: Order
    private_persons: PrivatePersons
    texts: Mapping[str, str]
    departments: tuple[DepartmentPlan, ...]
    heard: tuple[HeardPlan, ...]
    show_private_contacts: bool = False
    layout: Layout = Layout.BY_SUBMISSION
    """These two were added after hearings were stored without them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes, as people read it; None where it is not there before, or not after."""

    path: str
    before: str | None
    after: str | None


_STORED = TypeAdapter(HearingPlan)


def stored(plan: HearingPlan) -> dict[str, Any]:
    """Return the plan as JSON values, to be remembered with the hearing."""
    kept: dict[str, Any] = _STORED.dump_python(plan, mode="json")
    return kept


def restored(kept: Mapping[str, Any]) -> HearingPlan:
    """Return the plan that `stored` made; pydantic's ValidationError when it did not."""
    return _STORED.validate_python(kept)


def differences(old: HearingPlan | None, new: HearingPlan) -> tuple[Difference, ...]:
    """Return every value that `new` changes, in the file's order; () when the plans say the same.

    Departments are compared by key and heard parties by name, so that a new one in the middle moves nothing;
    a changed order among those that stay is a difference of its own. `old` is None for a new hearing.
    """
    before = dict(_values(old)) if old else {}
    after = dict(_values(new))
    gone = [path for path in before if path not in after]
    changed = [path for path in [*after, *gone] if before.get(path) != after.get(path)]
    return (
        *(Difference(path, _shown(before.get(path)), _shown(after.get(path))) for path in changed),
        *(_reordered(old, new) if old else ()),
    )


def _values(plan: HearingPlan) -> Iterator[tuple[str, object]]:
    for name, value in _fields(plan):
        if name not in {"texts", "departments", "heard"}:
            yield name, value
    for name, value in plan.texts.items():
        yield f"texts.{name}", value
    for department in plan.departments:
        yield from ((f"departments[{department.key}].{name}", value) for name, value in _fields(department))
    for party in plan.heard:
        yield from ((f"heard[{party.name}].{name}", value) for name, value in _fields(party))


def _fields(plan: HearingPlan | DepartmentPlan | HeardPlan) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(plan, field.name)) for field in fields(plan))


def _reordered(old: HearingPlan, new: HearingPlan) -> Iterator[Difference]:
    keys = (
        [department.key for department in old.departments],
        [department.key for department in new.departments],
    )
    names = [party.name for party in old.heard], [party.name for party in new.heard]
    for path, (before, after) in (("departments", keys), ("heard", names)):
        stayed = _among(before, after), _among(after, before)
        if stayed[0] != stayed[1]:
            yield Difference(path, _shown(stayed[0]), _shown(stayed[1]))


def _among(ones: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(one for one in ones if one in known)


def _shown(value: object) -> str | None:
    """Render a value as an operator writes it: local times, lists with commas."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, datetime):
        return value.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, StrEnum):
        return value.value
    return str(value).lower() if isinstance(value, bool) else str(value)
