from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hearing.file import Difference, HearingPlan, Refusal, differences, read
from handlers.hearing.plan import restored, stored
from handlers.hearing.toml_lines import lines
from storage.words import HeadingForm, Layout, Order, PartyKind, PrivatePersons, Refer, TextName

FILE = """\
key = "byrum"
title = "Forslag til byrumsplan"
municipality = "Lindeborg Kommune"
case_number = "2026-0012345"
owner = "by"
opens = 2026-09-01
deadline = 2026-10-01T23:59:00
answer_deadline = 2026-10-15T12:00:00
addresses = ["Hoering@Lindeborg.example"]
coordinators = ["U0KOORD01"]
coordination_channel = "#høring-byrum"
heading_form = "x_kommentarer"

[texts]
purpose = "Høringen handler om byens rum."
publication = "Forslaget lå på portalen."

[[departments]]
key = "by"
name = "By- og Miljøforvaltningen"
short = "BMF"
channel = "C0BYMIL00"
approvers = [
    "U0GODK001",  # den ene
    "U0GODK002",
]
topics = ["byrum", "toiletter"]

[[departments]]
key = "skole"
name = "Skoleforvaltningen"
short = "SKF"
channel = "C0SKOLE00"
approvers = ["W0GODK003"]

[[heard]]
name = "Havnens Lokaludvalg"
kind = "lokaludvalg"
group = "Lokaludvalg"
weight = 2
aliases = ["Havneudvalget"]
mail = ["Post@Havnen.example"]

[[heard]]
name = "Cykelforeningen"
heading = "Cykelforeningen i Lindeborg"
kind = "forening"
"""


def plan(text: str = FILE) -> HearingPlan:
    found = read(text, file="hoering.toml")
    assert isinstance(found, HearingPlan), "\n".join(map(str, found))
    return found


def refusals(text: str) -> list[str]:
    found = read(text, file="hoering.toml")
    assert isinstance(found, tuple)
    return [str(each) for each in found]


def with_line(old: str, new: str) -> str:
    assert FILE.count(old) == 1
    return FILE.replace(old, new)


def test_a_hearing_file_becomes_a_plan() -> None:
    found = plan()
    assert (found.key, found.owner, found.coordination_channel) == ("byrum", "by", "#høring-byrum")
    assert [department.key for department in found.departments] == ["by", "skole"]
    assert found.departments[0].approvers == ("U0GODK001", "U0GODK002")
    assert found.departments[1].topics == ()
    assert found.addresses == ("hoering@lindeborg.example",)


def test_user_groups_approve_and_deputies_stand_in_for_them() -> None:
    found = plan(with_line('["W0GODK003"]', '["S0CHEFER"]\ndeputies = ["U0STEDF01", "S0ANDRE"]'))
    assert found.departments[1].approvers == ("S0CHEFER",)
    assert found.departments[1].deputies == ("U0STEDF01", "S0ANDRE")
    assert found.departments[0].deputies == ()


def test_a_department_may_have_a_genitive_of_its_own() -> None:
    found = plan(with_line('["W0GODK003"]', '["W0GODK003"]\ngenitive = "Skolernes"'))
    assert [department.genitive for department in found.departments] == ["", "Skolernes"]


def test_local_times_become_utc_in_summer_and_in_winter() -> None:
    found = plan(with_line("2026-10-15T12:00:00", "2026-11-15T12:00:00"))
    assert found.opens == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert found.deadline == datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
    assert found.answer_deadline == datetime(2026, 11, 15, 11, tzinfo=UTC)


def test_what_is_left_out_has_its_usual_value() -> None:
    found = plan()
    assert (found.four_eyes, found.refer, found.order) == (True, Refer.WHEN_UNSURE, Order.ARRIVAL)
    assert (found.heading_form, found.private_persons) == (
        HeadingForm.X_KOMMENTARER,
        PrivatePersons.ANONYMOUS,
    )
    assert found.texts["background"] == ""
    assert list(found.texts) == list(TextName)
    assert found.layout == Layout.BY_SUBMISSION


def test_a_heard_party_has_three_names_and_its_addresses_in_lower_case() -> None:
    havnen, cykel = plan().heard
    assert (havnen.name, havnen.heading, havnen.short) == ("Havnens Lokaludvalg",) * 3
    assert (havnen.kind, havnen.weight, havnen.mail) == (PartyKind.LOKALUDVALG, 2, ("post@havnen.example",))
    assert (cykel.heading, cykel.short, cykel.weight) == (*["Cykelforeningen i Lindeborg"] * 2, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"C0SKOLE00"',
            '"Skolerne"',
            "hoering.toml, line 33, departments[1].channel: must be a channel id (C…) or a #name",
        ),
        (
            '"U0GODK002"',
            '"mette"',
            "hoering.toml, line 25, departments[0].approvers[1]: must be the id of a Slack member (U… or W…)",
        ),
        ('"C0SKOLE00"', '"C0BYMIL00"', "line 33, departments[1].channel: the channel 'C0BYMIL00' is already"),
        ('key = "skole"', 'key = "by"', "line 30, departments[1].key: the key 'by' is already taken by"),
        ('owner = "by"', 'owner = "skol"', "line 5, owner: must be the key of one of the departments (did"),
        ('["W0GODK003"]', "[]", "line 34, departments[1].approvers: must name at least one approver"),
        ("[texts]", "[text]", 'line 14, text: is not a key of the hearing file (did you mean "texts"?)'),
        ('short = "SKF"', 'shrt = "SKF"', "line 32, departments[1].shrt: is not a key of the hearing file"),
        ('"forening"', '"forning"', 'line 47, heard[1].kind: must be one of "lokaludvalg"'),
        ('"forening"', '"forning"', '(did you mean "forening"?)'),
        ('"Havneudvalget"', '"cykelforeningen"', "heard[0].aliases[0]: the name 'cykelforeningen' is"),
        ('"Post@Havnen.example"', '"Post@Havnen"', "line 42, heard[0].mail[0]: must be a mail address"),
        ('"Post@Havnen.example"', '"hoering@lindeborg.example"', "heard[0].mail[0]: the address 'hoering@"),
        ('"Hoering@Li', '"hoering+1@Li', "line 9, addresses[0]: must be a mail address without"),
        ("weight = 2", "weight = 0", "line 40, heard[0].weight: must be a whole number from 1"),
        ("weight = 2", "weight = true", "line 40, heard[0].weight: must be a whole number from 1"),
        ('"2026-0012345"', "2026", "line 4, case_number: must be a text in quotes"),
        ('"2026-0012345"', '"  "', "line 4, case_number: must not be empty"),
        ('"2026-0012345"', '"a\\u0000b"', "line 4, case_number: must not hold control characters"),
        ('"2026-0012345"', '"a\\nb"', "line 4, case_number: must be one line"),
        ("2026-09-01\n", "2026-10-02\n", "line 7, deadline: must be later than opens"),
        ("2026-10-15T12", "2026-10-01T12", "line 8, answer_deadline: must be later than deadline"),
        ("2026-10-15T12:00:00", "2026-10-25T02:30:00", "line 8, answer_deadline: this time comes twice"),
        ("2026-10-15T12:00:00", "2027-03-28T02:30:00", "line 8, answer_deadline: this time does not exist"),
        ("2026-10-15T12:00:00", "2026-10-15T12:00:00Z", "line 8, answer_deadline: must be a local time"),
        ("2026-10-01T23:59:00", "2026-10-01", "line 7, deadline: must be a local time"),
        ('title = "Forslag til byrumsplan"', "", "line 1, title: is missing"),
        ('"x_kommentarer"', "3", "line 12, heading_form: must be one of"),
        ('"x_kommentarer"', '"x_kommentarer"\nfour_eyes = "ja"', "line 13, four_eyes: must be true"),
        ('["byrum", "toiletter"]', '"byrum"', "line 27, departments[0].topics: must be a list of texts"),
        ('"toiletter"', '"Byrum"', "departments[0].topics[1]: the text 'Byrum' is already taken by"),
        ('owner = "by"', "owner = by", "hoering.toml, line 5: is not TOML: Invalid value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_line_and_key(old: str, new: str, said: str) -> None:
    assert any(said in refusal for refusal in refusals(with_line(old, new)))


def test_a_channel_may_be_named_without_its_sign() -> None:
    found = read(with_line('"C0SKOLE00"', '"skolerne"'), file="hoering.toml")
    assert isinstance(found, HearingPlan)
    assert [each.channel for each in found.departments] == ["C0BYMIL00", "#skolerne"]


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    wrong = (
        with_line('"C0SKOLE00"', '"Skolerne"').replace("weight = 2", "weight = -2").replace("U0KO", "X0KO")
    )
    found = read(wrong, file="hoering.toml")
    assert isinstance(found, tuple)
    assert [each.key for each in found] == ["coordinators[0]", "departments[1].channel", "heard[0].weight"]
    assert [each.line for each in found] == sorted(each.line for each in found)


def test_an_empty_file_is_told_what_it_lacks() -> None:
    said = refusals("")
    assert "hoering.toml, line 1, key: is missing" in said
    assert "hoering.toml, line 1, departments: must name at least one department" in said


def test_the_same_approver_may_serve_two_departments() -> None:
    assert plan(with_line("W0GODK003", "U0GODK001"))


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    assert plan("\ufeff" + FILE.replace("\n", "\r\n")) == plan()


def test_lists_nested_beyond_reason_are_a_refusal() -> None:
    assert refusals("a = " + "[" * 5000) == ["hoering.toml, line 1: lists or tables are nested too deep"]


def test_a_key_of_endless_parts_is_a_refusal() -> None:
    assert refusals("\n" + "a." * 100_000 + "b = 1") == ["hoering.toml, line 2: has a key of too many parts"]
    assert "hoering.toml, line 1, a: is not a key of the hearing file" in refusals("a." * 40 + "b = 1")


def test_keys_are_found_in_every_way_of_writing_toml() -> None:
    text = (
        'a.b = 1\n"c d" = """\nx = 1\n[y]\n"""\n[[t]]\nlist = [ # ]\n  1,\n  {k = 2,\n "]" = 3},\n]\n'
        "[t.sub]\nv = 1.5\n[[t]]\n[[t.more]]\nw = ''' '''\n"
    ).replace(',\n "]"', ', "]"')
    found = lines(text)
    assert found["a", "b"] == 1
    assert found["c d",] == 2
    assert "x" not in {path[0] for path in found}
    assert (found["t", 0], found["t", 0, "list", 0], found["t", 0, "list", 1, "]"]) == (6, 8, 9)
    assert (found["t", 0, "sub", "v"], found["t", 1], found["t", 1, "more", 0, "w"]) == (12, 13, 15)


def test_a_new_hearing_differs_in_everything() -> None:
    found = differences(None, plan())
    assert Difference("deadline", None, "2026-10-01 23:59") in found
    assert Difference("departments[by].approvers", None, "U0GODK001, U0GODK002") in found


def test_what_changed_is_told_before_and_after() -> None:
    new = plan(with_line("2026-10-01T23:59:00", "2026-10-08T23:59:00").replace("U0GODK002", "U0GODK009"))
    assert differences(plan(), new) == (
        Difference("deadline", "2026-10-01 23:59", "2026-10-08 23:59"),
        Difference("departments[by].approvers", "U0GODK001, U0GODK002", "U0GODK001, U0GODK009"),
    )


def test_a_department_that_is_gone_and_a_changed_order_are_told() -> None:
    old = plan()
    first, second = old.departments
    gone = differences(old, replace(old, departments=(first,)))
    assert {each.path for each in gone} >= {"departments[skole].name"}
    assert all(each.after is None for each in gone)
    turned = differences(old, replace(old, departments=(second, first)))
    assert turned == (Difference("departments", "by, skole", "skole, by"),)


def test_a_plan_is_remembered_as_json_and_read_back() -> None:
    assert restored(stored(plan())) == plan()


pieces = st.sampled_from(
    [*FILE.splitlines(keepends=True), "[[departments]]\n", "x = [[1]]\n", "opens = 1979-01-01\n"]
)


@given(st.text() | st.lists(pieces, max_size=40).map("".join))
def test_any_text_gives_a_plan_or_its_refusals(text: str) -> None:
    found = read(text, file="f")
    assert isinstance(found, HearingPlan) or (found and all(isinstance(each, Refusal) for each in found))


@given(st.integers(0, len(FILE)), st.integers(0, 30), st.text(max_size=5))
def test_a_slip_of_the_pen_is_never_a_fault(at: int, cut: int, typed: str) -> None:
    found = read(FILE[:at] + typed + FILE[at + cut :], file="f")
    if isinstance(found, HearingPlan):
        assert differences(found, found) == ()
        assert restored(stored(found)) == found
    else:
        assert all(1 <= each.line <= FILE.count("\n") + 7 for each in found)
