"""The demo's material is whole: whoever and whatever is named is there, and so is every oddity of a notat."""

import re
from collections import Counter
from collections.abc import Iterator

from bot.demo.shapes import Act, Changes, How, Material, Piece, Role, Scene
from handlers.hearing.plan import HearingPlan
from handlers.routing.suggest import matcher, suggest


def acts(played: Material) -> Iterator[tuple[Scene, Act]]:
    return ((scene, act) for scene in played.scenes for act in scene.acts)


def answered(played: Material) -> list[Piece]:
    """The submissions that are answered for themselves."""
    return [piece for piece in played.pieces if not piece.same_as]


def remarks(played: Material) -> list[str]:
    return [act.text for _, act in acts(played)]


def said(played: Material) -> Iterator[str]:
    """Yield every Danish text of the demo that somebody reads."""
    yield from (piece.text for piece in played.pieces)
    yield from (scene.summary for scene in played.scenes)
    for _, act in acts(played):
        yield from (act.text, act.change, *(line.text for line in act.talk))


def test_every_submission_has_its_scene_in_the_order_of_the_notat(played: Material) -> None:
    assert [(scene.submission, scene.party) for scene in played.scenes] == [
        (piece.key, piece.party) for piece in answered(played)
    ]
    assert [piece.channel for piece in played.pieces] == sorted(
        (piece.channel for piece in played.pieces), reverse=True
    )
    assert len(played.pieces) >= 16


def test_every_remark_is_by_people_of_the_department_that_answers(
    played: Material, plan: HearingPlan
) -> None:
    people = {person.id: person for person in played.people}
    approvers = {department.key: department.approvers for department in plan.departments}
    for _, act in acts(played):
        assert people[act.by].department == act.department
        assert act.approved_by in approvers[act.department]
        assert {people[line.by].department for line in act.talk} <= {act.department}


def test_nobody_approves_their_own_remark(played: Material) -> None:
    assert all(act.by != act.approved_by for _, act in acts(played))


def test_the_people_have_the_roles_of_the_hearing_file(played: Material, plan: HearingPlan) -> None:
    by_role = {role: {person.id for person in played.people if person.role == role} for role in Role}
    assert by_role[Role.COORDINATOR] == set(plan.coordinators)
    assert by_role[Role.APPROVER] == {who for department in plan.departments for who in department.approvers}
    assert len({person.id for person in played.people}) == len({person.handle for person in played.people})
    assert len(played.people) >= 20


def test_there_is_a_room_for_each_department_and_one_for_the_coordinators(
    played: Material, plan: HearingPlan
) -> None:
    rooms = {room.department: room for room in played.rooms}
    assert rooms[""].id == plan.coordination_channel
    assert {key: room.id for key, room in rooms.items() if key} == {
        department.key: department.channel for department in plan.departments
    }
    for person in played.people:
        assert person.id in rooms[person.department].members
    assert all(set(plan.coordinators) <= set(room.members) for room in played.rooms)


def test_all_seven_departments_answer_and_have_about_forty_remarks(
    played: Material, plan: HearingPlan
) -> None:
    answered = Counter(act.department for _, act in acts(played))
    assert set(answered) == {department.key for department in plan.departments}
    assert len(answered) == 7
    assert 36 <= answered.total() <= 44


def test_the_bot_asks_just_the_departments_that_answer(played: Material, plan: HearingPlan) -> None:
    ready = matcher({department.key: department.topics for department in plan.departments})
    for piece, scene in zip(answered(played), played.scenes, strict=True):
        routing = suggest(piece.text, ready, owner=plan.owner)
        asked = scene.placed or tuple(found.department for found in routing.suggestions)
        assert set(asked) == {act.department for act in scene.acts}, piece.key
        assert routing.sure == (not scene.placed), piece.key


def test_the_late_submission_is_taken_in_by_the_coordinator(played: Material, plan: HearingPlan) -> None:
    (scene,) = [scene for scene in played.scenes if scene.admitted_by]
    assert scene.admitted_by in plan.coordinators
    assert scene.party == "Foreningen Pakhusenes Venner"


def test_one_submission_is_placed_by_the_coordinator(played: Material, plan: HearingPlan) -> None:
    (scene,) = [scene for scene in played.scenes if scene.placed]
    assert scene.placed_by in plan.coordinators


def test_the_coordinator_says_who_the_senders_are_that_only_their_mails_name(
    played: Material, plan: HearingPlan
) -> None:
    known = {mail for party in plan.heard for mail in party.mail}
    own = {piece.key for piece in answered(played)}
    unknown = {p.submission for p in played.postings if p.submission in own and p.sender not in known}
    told = {scene.submission: scene.identified_by for scene in played.scenes if scene.identified_by}
    assert set(told) == unknown
    assert set(told.values()) <= set(plan.coordinators)


def test_one_department_answers_twice_with_another_between(played: Material) -> None:
    (scene,) = [s for s in played.scenes if len({act.department for act in s.acts}) < len(s.acts)]
    first, *between, last = [act.department for act in scene.acts]
    assert first == last
    assert set(between) - {first}
    assert len({act.theme for act in scene.acts if act.department == first}) == 2


def test_a_department_that_answers_once_needs_no_theme(played: Material) -> None:
    twice = {(s.submission, a.department) for s, a in acts(played) if a.theme}
    assert len(twice) == 1


def test_one_submission_goes_to_four_departments_by_mail(played: Material) -> None:
    scene = next(s for s in played.scenes if s.submission == "beboerforeningen")
    assert len({act.department for act in scene.acts}) == 4


def test_private_persons_are_known_by_their_street_alone(played: Material) -> None:
    private = [piece for piece in answered(played) if piece.kind == "borger"]
    assert [piece.party for piece in private] == [
        "Privatperson Klyvergade", "Privatperson Tjærestien", "Privatperson Skibsbroen",
    ]  # fmt: skip
    assert {piece.party for piece in played.pieces if piece.same_as} == {"Privatperson"}
    printed = " ".join([*remarks(played), *(scene.summary for scene in played.scenes)])
    assert not re.search("Ragnhild|Åkærlund|Käthe|Østermølle|Fiilskov|Lundtang|Vognsild", printed)


def test_parties_have_other_names_in_the_list_than_over_their_submission(
    played: Material, plan: HearingPlan
) -> None:
    parties = {piece.party for piece in played.pieces}
    other = {party.name for party in plan.heard if party.heading in parties and party.heading != party.name}
    assert {"Handicaprådet", "Lejerforeningen Ternevig"} <= other


def test_more_are_heard_than_there_are_names(plan: HearingPlan) -> None:
    assert sum(party.weight for party in plan.heard) == 31
    assert len(plan.heard) == 22
    assert any(party.group for party in plan.heard)


def test_a_party_that_mails_from_a_heard_address_is_that_party(played: Material, plan: HearingPlan) -> None:
    heard = {mail: party.heading or party.name for party in plan.heard for mail in party.mail}
    named = {piece.key: piece.party for piece in played.pieces}
    known = [p for p in played.postings if p.submission and p.sender in heard]
    assert len(known) >= 5
    assert all(heard[p.sender] == named[p.submission] for p in known if p.submission)


def test_internal_talk_is_never_part_of_what_is_printed(played: Material) -> None:
    printed = "\n".join([*remarks(played), *(scene.summary for scene in played.scenes), played.hearing])
    talk = [line.text for _, act in acts(played) for line in act.talk]
    assert len(talk) >= 20
    assert len(set(talk)) == len(talk)
    assert not [line for line in talk if line in printed]


def test_remarks_use_every_form_that_a_notat_has(played: Material) -> None:
    texts = remarks(played)
    for form in (r"(?m)^- ", r"(?m)^1\. ", r":\n\n- ", r"\*[^*\n]+\*", r"(?m)^> ", "”[^”]+”", " – "):
        assert any(re.search(form, text) for text in texts), form
    assert (
        sum(
            "[fodnote: " in text and re.search(r"<https://[^|>]+\|[^>]+>", text) is not None for text in texts
        )
        == 2
    )
    assert sum("til efterretning" in text for text in texts) >= 15
    assert any("kan ikke imødekommes" in text for text in texts)


def test_remarks_are_of_one_sentence_up_to_six_paragraphs(played: Material) -> None:
    lengths = {len(text.split("\n\n")) for text in remarks(played)}
    assert {1, 2, 3, 4, 6} <= lengths
    assert any(text.count(".") == 1 for text in remarks(played))


def test_every_way_to_approve_is_used(played: Material) -> None:
    assert {act.how for _, act in acts(played)} == set(How)


def test_what_changes_is_told_when_something_may(played: Material) -> None:
    assert all(bool(act.change) == (act.changes != Changes.NO) for _, act in acts(played))
    assert {act.changes for _, act in acts(played)} == set(Changes)


def test_one_party_has_nothing_to_remark_and_gets_one_sentence(played: Material) -> None:
    scene = next(s for s in played.scenes if s.submission == "politiet")
    (act,) = scene.acts
    assert "\n" not in act.text


def test_the_texts_have_danish_quotes_and_dashes_and_no_loose_ends(played: Material) -> None:
    for text in said(played):
        assert not re.search(r"[\"'“„]|--| - |—|  |\.\.|\s[,.;:]|\t", text), text
        assert text == text.strip()
    assert all(
        80 <= len(p.text.split()) <= 400 for p in played.pieces if p.key not in {"politiet", "cykelgruppen"}
    )


def test_departments_are_called_by_their_names(played: Material, plan: HearingPlan) -> None:
    names = {department.name for department in plan.departments}
    for text in remarks(played):
        called = re.findall(r"[A-ZÆØÅ]\w+- og [A-ZÆØÅ]\w+forvaltningen|\bSocialforvaltningen", text)
        assert set(called) <= names
