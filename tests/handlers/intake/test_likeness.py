import subprocess
import sys
import unicodedata
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.likeness import THRESHOLD, Signature, likeness, signature

CAMPAIGN = """\
Vi skriver, fordi forslaget til lokalplan 412 for Ballastkajen lægger op til syv etager helt ud til vandet.
Det er alt for højt. Solen forsvinder fra badebroen allerede klokken tre om eftermiddagen, og vinden fra vest
bliver til kastevinde mellem facaderne. I dag er kajen det eneste sted i bydelen, hvor børn kan cykle uden
biler, og hvor ældre kan sidde i læ. Det bør den blive ved med at være.
Vi beder derfor om, at bebyggelsen bliver højst fire etager, at der bliver mindst tyve meter fra facade til
kajkant, og at promenaden bliver tinglyst som offentlig sti i fuld bredde. Parkering hører hjemme i kælder og
ikke på kajen. Vi beder også om, at kommunen får lavet en ny beregning af vind og skygge, før planen bliver
vedtaget, og at den bliver lagt frem på et møde, hvor naboerne kan spørge."""

SAME_HEARING_ONE = """\
Høringssvar til forslag til lokalplan 412 for Ballastkajen
I henhold til planlovens § 24 fremsendes hermed bemærkninger inden for høringsfristen.
Som forening for byens roere er vi glade for, at slæbestedet bliver bevaret, men vi savner en plads til
trailere og et skur til redningsveste. De tegnede bænke står netop dér, hvor bådene bliver båret ned.
Flyt dem ti meter
mod nord, så er problemet løst. Vi vil desuden gerne have en vandhane og lys på broen om vinteren, for
ungdomsholdene træner efter skoletid og kommer op i mørke."""

SAME_HEARING_TWO = """\
Høringssvar til forslag til lokalplan 412 for Ballastkajen
I henhold til planlovens § 24 fremsendes hermed bemærkninger inden for høringsfristen.
Min butik ligger på hjørnet, og jeg får varer med lastbil hver morgen klokken fem. Når gaden bliver ensrettet,
skal bilen bakke forbi børnehaven. Det er farligt, og det er ikke beskrevet i trafiknotatet. Jeg foreslår, at
varekørsel fortsat må ske fra kajsiden indtil klokken syv, eller at der bliver lavet en vendeplads bag ved
pakhuset, hvor der alligevel kun står containere i dag."""


def signed(text: str) -> Signature:
    made = signature(text)
    assert made is not None
    return made


def alike(one: str, other: str) -> float:
    return likeness(signed(one), signed(other))


def found(one: Signature, other: Signature) -> bool:
    return not set(one.bands).isdisjoint(other.bands)


def sent_by(name: str, street: str, *, own: str = "", greeting: str = "Kære Solvig Kommune") -> str:
    return f"{greeting}\n\n{CAMPAIGN}\n{own}\n\nMed venlig hilsen\n{name}\n{street}\n4999 Solvig\n"


def test_a_letter_that_many_send_is_known_under_other_names_and_with_a_sentence_of_ones_own() -> None:
    one = sent_by("Ane Prøve", "Kajgade 3, 2. th.")
    other = sent_by(
        "Bo Eksempel og familie",
        "Pakhusvej 118",
        own="Selv har vi boet på havnen i tredive år og bruger broen hver eneste dag hele sommeren.",
        greeting="Til Teknik- og Byforvaltningen",
    )
    assert alike(one, other) >= THRESHOLD
    assert found(signed(one), signed(other))


def test_names_greetings_case_signs_and_line_breaks_make_no_difference() -> None:
    one = sent_by("Ane Prøve", "Kajgade 3")
    other = sent_by("Carl", "Nørrevej 9", greeting="Hej").upper().replace("\n", "\r\n").replace(",", " –")
    rewrapped = unicodedata.normalize("NFD", one).replace("forslaget til", "forslaget\ntil")
    assert alike(one, other) == alike(one, rewrapped) == 1.0


def test_a_moved_paragraph_makes_little_difference() -> None:
    first, second = CAMPAIGN.split("Vi beder derfor")
    assert alike(CAMPAIGN, f"Vi beder derfor{second}\n\n{first}") > 0.9


def test_two_letters_to_one_hearing_are_not_alike_for_its_title_and_the_law() -> None:
    assert alike(SAME_HEARING_ONE, SAME_HEARING_TWO) < 0.3
    assert alike(SAME_HEARING_ONE, CAMPAIGN) < 0.1


def test_half_a_letter_of_ones_own_is_no_longer_the_same_letter() -> None:
    own = SAME_HEARING_TWO.partition("Min butik")[2]
    assert alike(CAMPAIGN, f"{CAMPAIGN}\nMin butik{own}") < THRESHOLD


def test_a_long_postscript_under_the_closing_words_counts() -> None:
    plain = sent_by("Ane Prøve", "Kajgade 3")
    own = SAME_HEARING_TWO.partition("Min butik")[2]
    assert alike(plain, f"{plain}\nPS. Min butik{own}") < THRESHOLD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Se vedhæftede.",
        "Vi har ingen bemærkninger til forslaget.\n\nMed venlig hilsen\n" + "Solvig Roklub " * 12,
        "nej " * 500,
        "- - -\n" * 500,
    ],
)
def test_a_text_that_says_little_is_like_no_other(text: str) -> None:
    assert signature(text) is None


def test_a_short_text_is_unlike_itself_with_two_words_changed() -> None:
    text = " ".join(CAMPAIGN.split()[:30])
    assert signature(" ".join(CAMPAIGN.split()[:24])) is None
    assert alike(text, text.replace("etager", "meter").replace("vandet", "kysten")) < THRESHOLD


def made(random: Random, *, count: int) -> list[str]:
    return ["".join(random.choices("abdefgiklmnoprstuvæøå", k=random.randint(2, 9))) for _ in range(count)]


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def likely_pair(random: Random, *, at_least: float) -> tuple[str, str, float]:
    """Two texts with a true similarity just over `at_least`: the words of one are exchanged at random."""
    one = made(random, count=random.randint(30, 400))
    other, before = one, 1.0
    while True:
        place = random.randrange(len(one))
        changed = [*other[:place], *made(random, count=1), *other[place + 1 :]]
        a, b = shingles(one), shingles(changed)
        similarity = len(a & b) / len(a | b)
        if similarity < at_least:
            return " ".join(one), " ".join(other), before
        other, before = changed, similarity


def test_texts_with_seven_tenths_in_common_are_found_ninety_nine_times_in_a_hundred() -> None:
    random = Random(20261)  # noqa: S311  # made texts
    pairs = [likely_pair(random, at_least=0.7) for _ in range(400)]
    signatures = [(signed(one), signed(other), true) for one, other, true in pairs]
    assert sum(found(one, other) for one, other, _ in signatures) >= 396
    errors = [likeness(one, other) - true for one, other, true in signatures]
    assert abs(sum(errors)) / len(errors) < 0.01
    assert max(map(abs, errors)) < 0.15


def test_texts_with_little_in_common_are_seldom_even_compared() -> None:
    random = Random(20262)  # noqa: S311  # made texts
    shared = made(random, count=30)
    texts = [signed(" ".join(shared + made(random, count=170))) for _ in range(60)]
    compared = sum(found(one, other) for place, one in enumerate(texts) for other in texts[:place])
    assert compared <= 0.02 * 60 * 59 / 2


def test_equal_slots_in_different_bands_are_different_numbers() -> None:
    assert len(set(Signature((5,) * 125).bands)) == 25


def test_bands_fit_a_signed_column_of_eight_bytes() -> None:
    bands = signed(CAMPAIGN).bands
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert min(bands) < 0 < max(bands)


def test_a_signature_comes_back_from_its_bytes() -> None:
    kept = signed(CAMPAIGN)
    assert Signature.from_bytes(kept.to_bytes()) == kept


@pytest.mark.parametrize("packed", [b"", b"\x01", bytes(501), b"\x02" + bytes(500), b"\x01" + bytes(501)])
def test_bytes_made_in_another_way_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="not a signature"):
        Signature.from_bytes(packed)


def test_another_process_makes_the_same_signature() -> None:
    script = "import sys; from handlers.intake.likeness import signature; print(signature(sys.argv[1]).bands)"
    for seed in ("1", "2"):
        done = subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", script, CAMPAIGN],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == str(signed(CAMPAIGN).bands)


def test_signatures_kept_years_ago_are_made_the_same_way_today() -> None:
    assert signed(CAMPAIGN).bands[:3] == [-4121735174222806321, 7865096843220527912, -8125617943947461147]


@given(st.lists(st.sampled_from(CAMPAIGN.split()), min_size=60), st.lists(st.text(), max_size=5))
def test_likeness_goes_both_ways_and_a_text_is_like_itself(words: list[str], more: list[str]) -> None:
    one, other = signature(" ".join(words)), signature(" ".join([*words, *more]))
    if one is not None and other is not None:
        assert likeness(one, one) == 1.0
        assert likeness(one, other) == likeness(other, one)
        assert 0.0 <= likeness(one, other) <= 1.0


@given(st.text())
def test_any_text_has_a_signature_or_none(text: str) -> None:
    assert signature(text) is None or signature(text) == signature(text)


@pytest.mark.timeout(10)  # it would take minutes if it took longer for each sign
@pytest.mark.parametrize(
    "piece", ["ord ", "a\u0301\u0323", "hilsen\n", "kære ", " ", "a", "\n", "æ ø å \u0301", "."]
)
def test_two_megabytes_of_anything_take_no_time(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    signature(text)
