"""The hearing file: TOML text to a `HearingPlan`, or every reason why not, each with its line and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields

from handlers.hearing.plan import DepartmentPlan, Difference, HeardPlan, HearingPlan, differences
from handlers.hearing.table import NEVER, Refusal, Shape, Sheet, Table, meant
from handlers.hearing.toml_lines import Path, lines
from storage.words import HeadingForm, Layout, Order, PartyKind, PrivatePersons, Refer, TextName

__all__ = [
    "DepartmentPlan",
    "Difference",
    "HeardPlan",
    "HearingPlan",
    "Refusal",
    "differences",
    "read",
]

_KEY = Shape(re.compile(r"[a-z0-9-]{1,60}"), "small letters a-z, digits and hyphens")
_PERSON = Shape(re.compile(r"[UW][A-Z0-9]{2,20}"), "a Slack member id (U… or W…)")
_APPROVER = Shape(
    re.compile(r"[UWS][A-Z0-9]{2,20}"), "the id of a Slack member (U… or W…) or user group (S…)"
)
_CHANNEL = Shape(
    re.compile(r"[CG][A-Z0-9]{2,20}|#?(?!.*[A-ZÆØÅ])[\w-]{1,80}"), "a channel id (C…) or a #name"
)
_MAIL = Shape(re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"), "a mail address")
_HEARING_MAIL = Shape(
    re.compile(_MAIL.pattern.pattern.replace("[^", "[^+", 1)),
    "a mail address without display name or plus-tag",
)
_PROSE = Shape(re.compile(r".+", re.DOTALL), "a text")
_NEEDED = (TextName.PURPOSE, TextName.PUBLICATION)
_TEXTS = {name.value: None if name in _NEEDED else "" for name in TextName}
_HEAVIEST = 1000
_ENDLESS = re.compile(r"(?<![\w'\"-])(?:[\w'\"-]+[ \t]*\.[ \t]*){50}")
_AT_LINE = re.compile(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)


def read(text: str, *, file: str) -> HearingPlan | tuple[Refusal, ...]:
    """Read any text at all. What is wrong is refused all at once, in the order of the file's lines.

    `file` is the name to call it by. Optional keys: four_eyes (true), refer ("when_unsure"), heading_form
    ("bemaerkninger_fra"), order ("arrival"), layout ("by_submission"), private_persons ("anonymous"),
    show_private_contacts (false), topics, deputies, genitive, heard, and for a heard party all but name and
    kind.
    """
    text = text.removeprefix("\ufeff")
    endless = _ENDLESS.search(text)
    if endless:  # tomllib takes memory with the square of a key's parts
        return (Refusal(file, text.count("\n", 0, endless.start()) + 1, "", "has a key of too many parts"),)
    try:
        values = tomllib.loads(text)
        sheet = Sheet(file, lines(text))
    except (ValueError, RecursionError) as fault:
        return (_no_toml(fault, text=text, file=file),)
    plan = _plan(Table(sheet, (), values))
    return tuple(sorted(sheet.refusals.values(), key=lambda each: each.line)) or plan


def _no_toml(fault: Exception, *, text: str, file: str) -> Refusal:
    if isinstance(fault, RecursionError):
        return Refusal(file, 1, "", "lists or tables are nested too deep")
    said = _AT_LINE.fullmatch(str(fault))
    if said:
        return Refusal(file, int(said[2]), "", f"is not TOML: {said[1]}")
    reason = str(fault).removesuffix(" (at end of document)")
    line = 1 if reason == str(fault) else text.rstrip().count("\n") + 1
    return Refusal(file, line, "", f"is not TOML: {reason}")


def _plan(top: Table) -> HearingPlan:
    top.only(field.name for field in fields(HearingPlan))
    plan = HearingPlan(
        key=top.text("key", shape=_KEY),
        title=top.text("title"),
        municipality=top.text("municipality"),
        case_number=top.text("case_number"),
        owner=top.text("owner", shape=_KEY),
        opens=top.moment("opens", day_alone=True),
        deadline=top.moment("deadline"),
        answer_deadline=top.moment("answer_deadline"),
        addresses=_lower(top.texts("addresses", shape=_HEARING_MAIL, least="must name at least one address")),
        coordinators=top.texts("coordinators", shape=_PERSON, least="must name at least one coordinator"),
        coordination_channel=_channel(top, "coordination_channel"),
        four_eyes=top.flag("four_eyes", default=True),
        refer=top.choice("refer", Refer, default=Refer.WHEN_UNSURE),
        heading_form=top.choice("heading_form", HeadingForm, default=HeadingForm.BEMAERKNINGER_FRA),
        order=top.choice("order", Order, default=Order.ARRIVAL),
        layout=top.choice("layout", Layout, default=Layout.BY_SUBMISSION),
        private_persons=top.choice("private_persons", PrivatePersons, default=PrivatePersons.ANONYMOUS),
        show_private_contacts=top.flag("show_private_contacts", default=False),
        texts=_texts(top.table("texts")),
        departments=_departments(top),
        heard=_heard(top),
    )
    _agree(top, plan)
    return plan


def _texts(table: Table) -> Mapping[str, str]:
    table.only(_TEXTS)
    return {key: table.text(key, shape=_PROSE, default=default) for key, default in _TEXTS.items()}


def _departments(top: Table) -> tuple[DepartmentPlan, ...]:
    return tuple(
        _department(each) for each in top.tables("departments", least="must name at least one department")
    )


def _department(table: Table) -> DepartmentPlan:
    table.only(field.name for field in fields(DepartmentPlan))
    return DepartmentPlan(
        key=table.text("key", shape=_KEY),
        name=table.text("name"),
        short=table.text("short"),
        channel=_channel(table, "channel"),
        approvers=table.texts("approvers", shape=_APPROVER, least="must name at least one approver"),
        topics=table.texts("topics"),
        deputies=table.texts("deputies", shape=_APPROVER),
        genitive=table.text("genitive", default=""),
    )


def _channel(table: Table, key: str) -> str:
    """An id, or a name as `#name`, which may stand there without its sign: ids alone have capitals."""
    named = table.text(key, shape=_CHANNEL)
    return f"#{named}" if named and named == named.lower() and not named.startswith("#") else named


def _heard(top: Table) -> tuple[HeardPlan, ...]:
    return tuple(_party(each) for each in top.tables("heard"))


def _party(table: Table) -> HeardPlan:
    table.only(field.name for field in fields(HeardPlan))
    name = table.text("name")
    heading = table.text("heading", default=name)
    return HeardPlan(
        name=name,
        heading=heading,
        short=table.text("short", default=heading),
        group=table.text("group", default=""),
        weight=table.count("weight", default=1, most=_HEAVIEST),
        kind=table.choice("kind", PartyKind),
        aliases=table.texts("aliases"),
        mail=_lower(table.texts("mail", shape=_MAIL)),
    )


def _lower(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.lower() for text in texts)


def _agree(top: Table, plan: HearingPlan) -> None:
    """Refuse what is well formed by itself but does not go with the rest."""
    keys = [department.key for department in plan.departments]
    if plan.owner and plan.owner not in keys:
        top.refuse("owner", f"must be the key of one of the departments{meant(plan.owner, keys)}")
    if NEVER < plan.deadline <= plan.opens:
        top.refuse("deadline", "must be later than opens")
    if NEVER < plan.answer_deadline <= plan.deadline:
        top.refuse("answer_deadline", "must be later than deadline")
    for name in ("key", "name", "short", "channel"):
        top.sheet.unlike(_each_department(plan, name), what=name)
    top.sheet.unlike(_names(plan), what="name")
    top.sheet.unlike(_mails(plan), what="address")


def _each_department(plan: HearingPlan, name: str) -> Iterator[tuple[Path, str]]:
    for number, department in enumerate(plan.departments):
        yield ("departments", number, name), getattr(department, name)


def _names(plan: HearingPlan) -> Iterator[tuple[Path, str]]:
    for number, party in enumerate(plan.heard):
        yield ("heard", number, "name"), party.name
    for number, party in enumerate(plan.heard):
        yield from ((("heard", number, "aliases", place), alias) for place, alias in enumerate(party.aliases))


def _mails(plan: HearingPlan) -> Iterator[tuple[Path, str]]:
    yield from ((("addresses", place), address) for place, address in enumerate(plan.addresses))
    for number, party in enumerate(plan.heard):
        yield from ((("heard", number, "mail", place), address) for place, address in enumerate(party.mail))
