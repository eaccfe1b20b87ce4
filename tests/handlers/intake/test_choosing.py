from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.choosing import Asked, By, Candidate, Chosen, choose

OPENS, DEADLINE = datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 29, 21, 59, tzinfo=UTC)
IN_TIME = datetime(2027, 3, 1, 12, tzinfo=UTC)


def hearing(key: str, title: str, *, case: str = "") -> Candidate:
    return Candidate(uuid4(), key, title, case, OPENS, DEADLINE)


def moved(candidate: Candidate, *, days: int) -> Candidate:
    by = timedelta(days=days)
    return replace(candidate, opens=candidate.opens + by, deadline=candidate.deadline + by)


CLIMATE = hearing("klima-plan", "Forslag til klimatilpasningsplan for Solvig by", case="2027-0004711")
PLAN = hearing("lokalplan-412", "Forslag til lokalplan 412 for Ballastkajen", case="2026-0123456")
ANNEX = hearing("tillaeg-3", "Tillæg 3 til lokalplan 412 for Ballastkajen", case="01.02.05-P16-12-26")
SCHOOL = hearing("skoler", "Udkast til ny skolestruktur i Nordby og Sønderby", case="2026-0099887")
ALL = (CLIMATE, PLAN, ANNEX, SCHOOL)
FILLING = "Vi bor på havnen og er glade for vores by, og vi har læst det hele med stor interesse. "


def mail(subject: str = "Høringssvar", text: str = "", **known: frozenset[object]) -> Asked:
    return replace(Asked(subject, text), **known)  # type: ignore[arg-type]  # as the field is


def chosen(asked: Asked, *candidates: Candidate, at: datetime = IN_TIME) -> tuple[str, By | None]:
    found = choose(asked, candidates or ALL, at=at)
    names = [each.key for each in candidates or ALL if each.hearing_id == found.hearing_id]
    return (names[0] if names else "+".join(each.key for each in found.left)), found.by


def test_a_hearing_alone_is_chosen_whatever_a_mail_says() -> None:
    asked = mail("Skolestruktur [skoler]", "2026-0099887", tags=frozenset({"skoler"}))
    long_after = DEADLINE + timedelta(days=900)
    assert choose(asked, [PLAN], at=long_after) == Chosen(PLAN.hearing_id, By.ALONE)


def test_where_there_is_no_hearing_none_is_chosen() -> None:
    assert choose(mail(), [], at=IN_TIME) == Chosen(None, None)


def test_a_mail_that_says_nothing_is_asked_about() -> None:
    assert chosen(mail()) == ("klima-plan+lokalplan-412+tillaeg-3+skoler", None)


@pytest.mark.parametrize("tag", ["klima-plan", "Klima-Plan", "klimaplan", "KLIMAPLAN"])
def test_the_tag_of_the_address_tells(tag: str) -> None:
    assert chosen(mail(tags=frozenset({tag}))) == ("klima-plan", By.TAG)


@pytest.mark.parametrize("tag", ["", "-", "17", "klima"])
def test_a_tag_that_is_no_key_tells_nothing(tag: str) -> None:
    assert chosen(mail(tags=frozenset({tag})), CLIMATE, hearing("-", "Øde")) == ("klima-plan+-", None)


def test_what_a_mail_answers_tells() -> None:
    asked = mail("SV: Kvittering", answered=frozenset({SCHOOL.hearing_id}))
    assert chosen(asked) == ("skoler", By.ANSWERED)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("[skoler] Vores svar", ""),
        ("Vores svar", "Til kommunen\n\n[ Skoler ]\n\nVi vil gerne sige noget."),
    ],
)
def test_a_key_in_brackets_tells(subject: str, text: str) -> None:
    assert chosen(mail(subject, text)) == ("skoler", By.TOKEN)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2026-0123456", "lokalplan-412"),
        ("2026 - 0123456", "lokalplan-412"),
        ("20260123456", "lokalplan-412"),
        ("sag 2026\u20110123456.", "lokalplan-412"),
        ("2026-0123456-17", "lokalplan-412"),
        ("01.02.05-p16-12-26", "tillaeg-3"),
        ("01 02 05 P16 12 26", "tillaeg-3"),
    ],
)
def test_the_case_number_tells_however_it_is_parted(written: str, key: str) -> None:
    assert chosen(mail(f"Bemærkninger, {written}")) == (key, By.CASE_NUMBER)
    assert chosen(mail("Bemærkninger", f"Kære kommune\nSagsnr.: {written}\n")) == (key, By.CASE_NUMBER)


@pytest.mark.parametrize("written", ["2026-01234567", "12026-0123456", "2026-012345", "0123456"])
def test_another_number_is_not_the_case_number(written: str) -> None:
    assert chosen(mail(f"Bemærkninger, {written}"), PLAN, SCHOOL)[1] is None


def test_a_case_number_as_short_as_a_date_tells_nothing() -> None:
    assert chosen(mail("Svar 12-26"), hearing("a", "Ål", case="12-26"), SCHOOL)[1] is None


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Forslag til klimatilpasningsplan for Solvig by", "klima-plan"),
        ("SV: FORSLAG TIL KLIMATILPASNINGSPLANEN FOR SOLVIG BY", "klima-plan"),
        ("Høringssvar: klimatilpasningsplanen for byen Solvig", "klima-plan"),
        ("Lokalplan 412 for Ballastkajen", "lokalplan-412"),
        ("Høringssvar lokalplan nr. 412", "lokalplan-412+tillaeg-3"),
        ("Tillæg 3 til lokalplan 412, Ballastkajen", "tillaeg-3"),
        ("Tillaeg nr. 3 til lokalplan 412, Ballastkajen", "tillaeg-3"),
        ("Skole-struktur i Nordby og Sønderby", "skoler"),
        ("Skolestrukturen Nordby Sønderby", "skoler"),
    ],
)
def test_the_title_in_the_subject_tells_in_any_inflection(subject: str, key: str) -> None:
    assert chosen(mail(subject)) == (key, None if "+" in key else By.TITLE)


@pytest.mark.parametrize(
    "subject",
    [
        "Lokalplan 413 for Ballastkajen",
        "Lokalplan for Ballastkajen",
        "Klimatilpasning i Solvig",
        "Skolerne i Nordby",
        "Ballastkajen 12, den 4. marts 412",
    ],
)
def test_half_a_title_or_another_number_tells_nothing(subject: str) -> None:
    assert chosen(mail(subject), CLIMATE, PLAN, SCHOOL)[1] is None


def test_the_plan_word_may_begin_a_compound() -> None:
    assert chosen(mail("Lokalplanforslag for Ballastkajen, 412"), CLIMATE, PLAN) == (
        "lokalplan-412",
        By.TITLE,
    )


def test_a_number_is_enough_where_only_one_plan_has_it() -> None:
    assert chosen(mail("Svar til lokalplan nr. 412"), CLIMATE, PLAN) == ("lokalplan-412", By.TITLE)
    assert chosen(mail("Svar", "Vi skriver om lokalplan 412."), CLIMATE, PLAN) == ("lokalplan-412", By.TITLE)


def test_of_titles_that_differ_in_a_word_the_one_written_out_is_meant() -> None:
    west = hearing("vest", "Helhedsplan for torve, pladser og stier omkring Vesterbro Station")
    east = hearing("oest", "Helhedsplan for torve, pladser og stier omkring Østerbro Station")
    assert chosen(mail(west.title), west, east) == ("vest", By.TITLE)
    assert chosen(mail("Helhedsplan for torve, pladser og stier omkring stationen"), west, east)[1] is None


def test_the_title_at_the_top_of_the_text_tells() -> None:
    text = "Til Solvig Kommune\n\nVi har læst udkastet til skolestruktur\ni Nordby og Sønderby og er imod."
    assert chosen(mail(text=text)) == ("skoler", By.TITLE)


def test_words_of_a_title_strewn_over_a_text_are_not_the_title() -> None:
    text = f"Vi bor i Nordby. {FILLING} Vores skolestruktur? {FILLING} Vi arbejder i Sønderby."
    assert chosen(mail(text=text))[1] is None


def test_one_word_in_the_text_is_no_title() -> None:
    harbour = hearing("havnen", "Havnen")
    assert chosen(mail(text="Vi bor ved havnen."), harbour, SCHOOL)[1] is None
    assert chosen(mail("Havnen"), harbour, SCHOOL) == ("havnen", By.TITLE)


DEEP = (
    "Vi skrev også til jer om Tillæg 3 til lokalplan 412 for Ballastkajen [tillaeg-3],"
    " sag 01.02.05-P16-12-26, og om skolestruktur i Nordby og Sønderby."
)


@pytest.mark.parametrize("before", [FILLING * 13, FILLING + "\n" * 19_000 + FILLING * 13, FILLING * 900])
def test_another_hearing_named_deep_in_the_text_moves_nothing(before: str) -> None:
    assert chosen(mail(CLIMATE.title, before + DEEP)) == ("klima-plan", By.TITLE)
    assert chosen(mail(text=before + DEEP), CLIMATE, SCHOOL)[1] is None


def test_another_hearing_named_in_the_text_does_not_outweigh_the_subject() -> None:
    assert chosen(mail(CLIMATE.title, f"Vi har før skrevet om: {SCHOOL.title}.")) == ("klima-plan", By.TITLE)


def test_a_hearing_that_is_open_goes_before_one_that_is_not() -> None:
    early, later = moved(CLIMATE, days=-200), moved(SCHOOL, days=200)
    assert chosen(mail(), early, PLAN, later) == ("lokalplan-412", By.PERIOD)


def test_where_none_is_open_the_one_that_closed_within_a_month_is_meant() -> None:
    at = DEADLINE + timedelta(days=29)
    assert chosen(mail(), moved(CLIMATE, days=-200), PLAN, at=at) == ("lokalplan-412", By.PERIOD)
    assert chosen(mail(), moved(CLIMATE, days=-200), PLAN, at=at + timedelta(days=2))[1] is None


def test_the_day_after_a_deadline_people_are_asked_rather_than_the_open_hearing_given_a_late_answer() -> None:
    other = moved(SCHOOL, days=20)
    assert chosen(mail(), PLAN, other, at=DEADLINE + timedelta(days=1)) == ("lokalplan-412+skoler", None)
    assert chosen(mail(), PLAN, other, at=DEADLINE + timedelta(days=3)) == ("skoler", By.PERIOD)


def test_the_first_and_the_last_moment_are_in_the_period() -> None:
    closed = moved(SCHOOL, days=-200)
    assert chosen(mail(), PLAN, closed, at=OPENS) == ("lokalplan-412", By.PERIOD)
    assert chosen(mail(), PLAN, closed, at=DEADLINE) == ("lokalplan-412", By.PERIOD)


def test_the_title_of_a_closed_hearing_in_the_subject_goes_before_the_period() -> None:
    assert chosen(mail(SCHOOL.title), moved(SCHOOL, days=-200), PLAN) == ("skoler", By.TITLE)


def test_the_title_of_a_long_closed_hearing_in_the_text_is_asked_about() -> None:
    asked = mail(text=f"Vi har før skrevet om: {SCHOOL.title}.")
    assert chosen(asked, moved(SCHOOL, days=-200), PLAN, moved(CLIMATE, days=300)) == (
        "skoler+lokalplan-412",
        None,
    )


def test_whoever_has_answered_a_hearing_before_is_taken_to_answer_it_again() -> None:
    asked = mail(earlier=frozenset({SCHOOL.hearing_id, uuid4()}))
    assert chosen(asked) == ("skoler", By.HISTORY)


def test_history_settles_only_what_the_title_left_open() -> None:
    asked = mail("Lokalplan 412", earlier=frozenset({ANNEX.hearing_id, SCHOOL.hearing_id}))
    assert chosen(asked) == ("tillaeg-3", By.HISTORY)


@pytest.mark.parametrize(
    "asked",
    [
        mail(tags=frozenset({"klimaplan"}), answered=frozenset({SCHOOL.hearing_id})),
        mail(tags=frozenset({"klimaplan", "skoler"}), text="[lokalplan-412]"),
        mail(CLIMATE.title, "Sagsnr. 2026-0099887"),
        mail(SCHOOL.title, tags=frozenset({"klimaplan"})),
        mail("[skoler] sag 2027-0004711"),
    ],
)
def test_evidence_that_contradicts_itself_is_asked_about(asked: Asked) -> None:
    left, by = chosen(asked)
    assert by is None
    assert {"klima-plan", "skoler"} <= set(left.split("+")) < {each.key for each in ALL}


def test_evidence_that_agrees_narrows_step_by_step() -> None:
    asked = mail("Lokalplan 412", tags=frozenset({"klimaplan", "tillaeg3"}))
    assert chosen(asked) == ("tillaeg-3", By.TITLE)


@given(st.text(), st.text(), st.frozensets(st.text()), st.frozensets(st.sampled_from(ALL)))
def test_any_mail_is_given_a_hearing_of_those_there_are_or_doubt(
    subject: str, text: str, tags: frozenset[str], some: frozenset[Candidate]
) -> None:
    candidates = sorted(some, key=lambda each: each.key)
    found = choose(Asked(subject, text, tags=tags), candidates, at=IN_TIME)
    assert (found.hearing_id is None) == (found.by is None)
    assert found.hearing_id in {None, *(each.hearing_id for each in candidates)}
    assert set(found.left) <= some
    assert bool(found.left) == (found.hearing_id is None and bool(some))


@given(st.permutations(ALL), st.sampled_from([*(each.title for each in ALL), "Lokalplan 412", "Svar"]))
def test_the_order_of_the_hearings_makes_no_difference(candidates: list[Candidate], subject: str) -> None:
    one, other = (choose(mail(subject), each, at=IN_TIME) for each in (candidates, ALL))
    assert (one.hearing_id, one.by, set(one.left)) == (other.hearing_id, other.by, set(other.left))


@pytest.mark.timeout(10)  # it would take minutes if it took longer for each sign
@pytest.mark.parametrize(
    "piece", ["lokalplan 412 ", "[", "[a]", "2026", "2026-", "-", "a-", " ", "a\u0301\u0323", "å"]
)
def test_two_megabytes_of_anything_take_no_time(piece: str) -> None:
    endless = piece * (2_000_000 // len(piece))
    choose(Asked(endless, endless), ALL, at=IN_TIME)
