"""Whatever is printed anew from one version to the next is told, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.content import load
from handlers.notat.changed import Changed, How, What
from handlers.notat.compare import Snapshot, compare
from handlers.notat.cover import check
from handlers.notat.layout import notat
from handlers.notat.makeup import makeup
from handlers.notat.order import voices
from handlers.notat.remarks import answers
from handlers.notat.shape import dump
from storage.asked import FollowUp, Verdict
from storage.dossier import Dossier, Filed, Laid
from storage.models import Hearing, Party, Referral, Summary
from storage.questions import Followed
from storage.versions import Said
from storage.words import HeadingForm, Layout, PartyKind, TextName
from tests.handlers.building import NOW
from tests.handlers.notat.cases import Town

Edit = Callable[[Dossier], Dossier]


def _town() -> tuple[Town, Dossier]:
    """A club with three remarks, a campaign of three, and somebody by themselves."""
    town = Town(texts={TextName.BACKGROUND: "Vejen er smal."})
    club = town.filed(
        "Byforeningen", town.laid("Vi planter.", "Vi vander.", about="Flere træer"),
        town.laid("Skolevejen ses på.", to=1, about="Sikker skolevej", change=("Et hegn", False)),
        summary="Foreningen ønsker træer.",
    )  # fmt: skip
    lead = town.filed("Stiklubben", town.laid("Stien bredes.", about="Bænke"), summary="Bred sti.")
    behind = [
        replace(town.filed(name), lead_id=lead.submission.id) for name in ("Cykelklubben", "Gangklubben")
    ]
    lead = replace(lead, members=tuple(each.submission.id for each in behind))
    alone = town.filed("Skolerådet", town.laid("Tak.", to=1), summary="Rådet er enigt.")
    return town, town.dossier(club, lead, *behind, alone, heard=(club.party,))


TOWN, BASE = _town()
CLUB, LEAD, MEMBER, _, ALONE = range(5)


def _filed(place: int, change: Callable[[Filed], Filed]) -> Edit:
    def edited(dossier: Dossier) -> Dossier:
        known = list(dossier.submissions)
        known[place] = change(known[place])
        return replace(dossier, submissions=tuple(known))

    return edited


def _hearing(**fields: object) -> Edit:
    return lambda dossier: replace(dossier, hearing=Hearing(**dossier.hearing.model_dump() | fields))


def _party(place: int, **fields: object) -> Edit:
    return _filed(place, lambda filed: replace(filed, party=Party(**filed.party.model_dump() | fields)))


def _laid(place: int, number: int, change: Callable[[Laid], Laid]) -> Edit:
    def edited(filed: Filed) -> Filed:
        known = list(filed.referrals)
        known[number] = change(known[number])
        return replace(filed, referrals=tuple(known))

    return _filed(place, edited)


def _summary(place: int, words: str) -> Edit:
    def edited(filed: Filed) -> Filed:
        other = TOWN.filed("", summary=words or "-").summary
        assert other is not None
        fields = other.model_dump() | {"submission_id": filed.submission.id}
        return replace(filed, summary=Summary(**fields) if words else None)

    return _filed(place, edited)


def _theme(laid: Laid) -> Laid:
    return replace(laid, referral=Referral(**laid.referral.model_dump() | {"theme": "Legeplads"}))


def _proposed(what: str, *, certain: bool) -> Callable[[Laid], Laid]:
    return lambda laid: replace(laid, ends=TOWN.laid(change=(what, certain)).ends)


def _approved(laid: Laid) -> Laid:
    """Other words for the first remark."""
    (first, *rest), (other,) = laid.remarks, TOWN.laid("Vi planter ti træer.").remarks
    return replace(laid, remarks=(replace(first, approvals=other.approvals), *rest))


def _withdrawn(filed: Filed) -> Filed:
    mail = FollowUp(
        hearing_id=filed.submission.hearing_id, submission_id=filed.submission.id, item_id=1, content_key="",
        message_id="", subject="", text="", rest="", flaws=[], received_at=NOW + timedelta(days=1),
    )  # fmt: skip
    return replace(filed, followed=(Followed(mail, Verdict.WITHDRAWN, "U0KIM"),))


def _by_itself(filed: Filed) -> Filed:
    return replace(filed, lead_id=None, referrals=(TOWN.laid("Vi ser på det.", about="Bænke"),))


def _remarks(dossier: Dossier) -> Dossier:
    filed = dossier.submissions[CLUB]
    ids = tuple(facts.remark.id for laid in filed.referrals for facts in laid.remarks)
    edits = replace(dossier.edits, remarks={filed.submission.id: ids[::-1]})
    return replace(dossier, edits=edits)


def _heading(dossier: Dossier) -> Dossier:
    remark = BASE.submissions[ALONE].referrals[0].remarks[0].remark.id
    return replace(dossier, edits=replace(dossier.edits, headings={remark: "Svar til Skolerådet"}))


def _moved(dossier: Dossier) -> Dossier:
    ids = tuple(filed.submission.id for filed in dossier.submissions)
    return replace(dossier, edits=replace(dossier.edits, submissions=ids[::-1]))


def _seat(dossier: Dossier) -> Dossier:
    """A department by another name, in the register and wherever it was asked."""
    first, *rest = dossier.seats
    renamed = replace(first, name="By- og Parkforvaltningen")

    def of(filed: Filed) -> Filed:
        laid = (replace(each, seat=renamed) if each.seat.id == first.id else each for each in filed.referrals)
        return replace(filed, referrals=tuple(laid))

    return replace(dossier, seats=(renamed, *rest), submissions=tuple(map(of, dossier.submissions)))


@dataclass(frozen=True)
class Kind:
    """A kind of edit, and what is told of it where submissions are told one by one."""

    edit: Edit
    told: frozenset[tuple[What, How]]


def _kind(edit: Edit, *told: tuple[What, How]) -> Kind:
    return Kind(edit, frozenset(told))


C = How.CHANGED
KINDS = {
    "nothing": _kind(lambda dossier: dossier),
    "the title": _kind(_hearing(title="Ny plan for Vejen"), (What.TITLE, C)),
    "the case number": _kind(_hearing(case_number="2026-18"), (What.FACT, C)),
    "the deadline": _kind(_hearing(deadline=NOW + timedelta(days=20)), (What.FACT, C)),
    "a text": _kind(_hearing(texts={TextName.BACKGROUND: "Vejen er bred."}), (What.TEXT, C)),
    "a text that is no more": _kind(_hearing(texts={}), (What.TEXT, How.GONE)),
    "the form of headings": _kind(_hearing(heading_form=HeadingForm.X_KOMMENTARER), (What.HEADING, C)),
    "a name over a submission": _kind(_party(ALONE, heading_name="Rådet ved skolen"), (What.SUBMISSION, C)),
    "a name in the list": _kind(_party(ALONE, list_name="Rådet"), (What.TEXT, C)),
    "a kind of party": _kind(_party(CLUB, kind=PartyKind.LOKALUDVALG)),
    "a summary": _kind(_summary(ALONE, "Rådet er uenigt."), (What.SUMMARY, C)),
    "a summary that is no more": _kind(_summary(ALONE, ""), (What.SUMMARY, How.GONE)),
    "a remark": _kind(_laid(CLUB, 0, _approved), (What.REMARK, C)),
    "a remark that is no more": _kind(
        _laid(ALONE, 0, lambda laid: replace(laid, remarks=())), (What.REMARK, How.GONE)
    ),
    "a remark on a campaign": _kind(_laid(LEAD, 0, _approved), (What.REMARK, C)),
    "the order of remarks": _kind(_remarks, (What.REMARKS, C)),
    "a heading by hand": _kind(_heading, (What.HEADING, C)),
    "the order of submissions": _kind(_moved, (What.ORDER, C), (What.TEXT, C)),
    "a department's name": _kind(_seat, (What.OWNER, C), (What.HEADING, C)),
    "a theme": _kind(_laid(CLUB, 0, _theme)),
    "a change that is certain": _kind(_laid(CLUB, 1, _proposed("Et hegn", certain=True)), (What.TEXT, C)),
    "a change that may be": _kind(_laid(CLUB, 1, _proposed("En mur", certain=False)), (What.TEXT, C)),
    "a campaign whose lead withdraws": _kind(
        _filed(LEAD, _withdrawn), (What.SUBMISSION, How.GONE), (What.TEXT, C)
    ),
    "one that leaves a campaign": _kind(
        _filed(MEMBER, _by_itself), (What.TOGETHER, How.GONE), (What.REMARK, How.NEW), (What.TEXT, C)
    ),
    "one less": _kind(_filed(ALONE, _withdrawn), (What.SUBMISSION, How.GONE), (What.TEXT, C)),
    "departments in another order": _kind(lambda dossier: replace(dossier, seats=dossier.seats[::-1])),
}  # fmt: skip


def snapshot(dossier: Dossier, order: Layout = Layout.BY_SUBMISSION) -> Snapshot:
    """The facts of a version as the store gives them."""
    content = dump(notat(dossier, version=1, at=NOW, order=order))
    said, summaries = dict[UUID, Said](), dict[UUID, Summary]()
    for voice in voices(dossier):
        bearer = voice.bearer.submission.id
        if voice.bearer.summary:
            summaries[bearer] = voice.bearer.summary
        for answer in answers(voice.bearer, dossier):
            facts = next(each for each in answer.laid.remarks if each.remark.id == answer.remark_id)
            (approval,) = facts.approvals
            own = approval.model_copy(update={"remark_id": answer.remark_id})
            said[approval.id] = Said(own, bearer, answer.laid.seat.name)
    made_of = makeup(dossier, check(dossier), notat_id=dossier.hearing.id, order=order)
    return Snapshot(made_of, said, summaries, content)


def changed(old: Dossier, new: Dossier, order: Layout = Layout.BY_SUBMISSION) -> tuple[Changed, ...]:
    return compare(snapshot(old, order), snapshot(new, order))


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_change_is_told_as_what_it_is(name: str) -> None:
    kind = KINDS[name]
    told = changed(BASE, kind.edit(BASE))
    assert {(each.what, each.how) for each in told} == kind.told


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(KINDS)), max_size=3),
    st.lists(st.sampled_from(sorted(KINDS)), max_size=2),
    st.sampled_from(Layout),
)
def test_what_is_printed_anew_is_told_and_nothing_else(
    before: list[str], after: list[str], order: Layout
) -> None:
    old = BASE
    for name in before:
        old = KINDS[name].edit(old)
    new = old
    for name in after:
        new = KINDS[name].edit(new)
    is_printed_anew = _printed(old, order) != _printed(new, order)
    assert bool(changed(old, new, order)) == is_printed_anew


def _printed(dossier: Dossier, order: Layout) -> tuple[object, ...]:
    values = dump(notat(dossier, version=1, at=NOW, order=order))
    return tuple(values[key] for key in ("title", "owner", "facts", "chapters", "case_label"))


def test_of_a_campaign_whose_lead_withdrew_the_remarks_and_the_summary_are_still_compared() -> None:
    old = KINDS["a campaign whose lead withdraws"].edit(BASE)
    new = _summary(LEAD, "Bredere sti.")(KINDS["a remark on a campaign"].edit(old))
    assert [(each.what, each.number, each.name) for each in changed(old, new)] == [
        (What.SUMMARY, 2, "Cykelklubben"), (What.REMARK, 2, "Cykelklubben"),
    ]  # fmt: skip


def test_of_two_layouts_no_more_is_told_than_that() -> None:
    old, new = snapshot(BASE), snapshot(KINDS["a remark"].edit(BASE), Layout.BY_TOPIC)
    assert compare(old, new) == (Changed(What.LAYOUT, How.CHANGED),)


@pytest.mark.parametrize("order", [Layout.BY_TOPIC, Layout.MINISTRY])
def test_another_theme_is_told_where_topics_are_printed(order: Layout) -> None:
    told = changed(BASE, KINDS["a theme"].edit(BASE), order)
    assert (What.TOPICS, 1) in {(each.what, each.number) for each in told}


def test_more_paragraphs_make_the_heading_plural_without_another_word_about_it() -> None:
    base = load(BASE.submissions[ALONE].referrals[0].remarks[0].approvals[0].content)
    longer = TOWN.laid((*base, *base))
    new = _laid(ALONE, 0, lambda laid: replace(laid, remarks=(
        replace(laid.remarks[0], approvals=longer.remarks[0].approvals),)))(BASE)  # fmt: skip
    assert [each.what for each in changed(BASE, new)] == [What.REMARK]
