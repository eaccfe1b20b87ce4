"""The many forms in which mail programs quote, and what only looks like them."""

from dataclasses import replace

import pytest

from handlers.mail import Letter, read
from handlers.quoting import cut

OWN = "Vi vil gerne fastholde vores indsigelse.\n\nDer mangler stadig skygge."
EARLIER = "Kære Karen\n\nTak for jeres høringssvar. Fristen er den 5. december."
MARKED = "\n".join(f"> {line}".rstrip() for line in EARLIER.split("\n"))


def letter(text: str, subject: str = "SV: Høring") -> Letter:
    return replace(read(b""), text=text, subject=subject)


def now(text: str, subject: str = "SV: Høring") -> str:
    return cut(letter(text, subject)).text


SURE = [
    "Den 24. nov. 2025 kl. 10.00 skrev Plan og Byg <plan@kommune.example>:",
    "Den fre. 21. nov. 2025 kl. 09.30 skrev Plan og Byg <\nplan@kommune.example>:",
    "Den man. 24. nov. 2025 kl. 10.00 skrev Plan og Byg\n<plan@kommune.example\n>:",
    "Den 21.11.2025 kl. 09.30 skrev Plan og Byg:",
    "Den 2025-11-21 09:30, skrev Plan og Byg:",
    "Den fredag den 21. november 2025 09.30.00 CET skrev Plan og Byg <plan@kommune.example>:",
    "-----Plan og Byg skrev: -----",
    "Plan og Byg <plan@kommune.example> skrev den 24. november 2025 kl. 10.00:",
    "Plan og Byg <plan@kommune.example> skrev:",
    "fre. 21. nov. 2025 kl. 09.30 skrev Plan og Byg <plan@kommune.example>:",
    "On Fri, Nov 21, 2025 at 9:30 AM Plan og Byg <plan@kommune.example>\nwrote:",
    "On Fri, 21 Nov 2025 09:30:43 +0100 Plan og Byg <plan@kommune.example> wrote",
    "---- On Fri, 21 Nov 2025 09:30:36 +0100 Plan og Byg&lt;plan@kommune.example&gt; wrote ----",
    "On Fri, 21 Nov 2025 at 09:30 Plan og Byg\n\n<\nmailto:plan@kommune.example\n> wrote:",
    "2025-11-21 9:30 GMT+01:00 Plan og Byg <plan@kommune.example>:",
    "2025-11-21 9:30 GMT+01:00 Plan og Byg",
    '21.11.2025, 09:30, "Plan og Byg" <plan@kommune.example>:',
    "Am 21.11.25 um 09:30 schrieb Plan og Byg <plan@kommune.example>:",
    "Plan og Byg <plan@kommune.example> schrieb am Fr., 21. Nov.\n2025 um 09:30 Uhr:",
    "Le ven. 21 nov. 2025 à 09:30, Plan og Byg <plan@kommune.example> a écrit :",
    "El vie, 21 nov 2025 a las 9:30, Plan og Byg (<plan@kommune.example>) escribió:",
    "Il giorno ven 21 nov 2025 alle ore 09:30 Plan og Byg <plan@kommune.example> ha scritto:",
    "Op vr 21 nov 2025 om 09:30 schreef Plan og Byg <plan@kommune.example>:",
    "pt., 21 lis 2025 o 09:30 Plan og Byg <plan@kommune.example> napisał(a):",
    "Em sex., 21 de nov. de 2025 às 09:30, Plan og Byg <plan@kommune.example> escreveu:",
    "fre 21 nov. 2025 kl. 09:30 skrev Plan og Byg <plan@kommune.example>:",
    "pe 21. marrask. 2025 klo 9.30 Plan og Byg (plan@kommune.example) kirjoitti:",
    "-----Oprindelig meddelelse-----\nFra: Plan og Byg\nSendt: 21. november 2025\nTil: Karen\nEmne: Høring",
    "----- Oprindelig meddelelse -----",
    "*-------- Original Message --------*",
    "-------- Oprindelig besked --------\nFra: Plan <plan@kommune.example>\nDato: 21.\nTil: Karen\nEmne: H",
    "________________________________\nFra: Plan <plan@kommune.example>\nSendt: 21.\nTil: Karen\nEmne: H",
    "*Fra:* P [mailto:p@kommune.example]\n*Sendt:* 21.\n*Til:* K\n*Kopi:* T\n*Emne:* H\n*Prioritet:* Høj",
    "Fra: Plan og Byg <plan@kommune.example>\n\nSendt: 21. november 2025 09:30\n\nTil: Karen\n\nEmne: Høring",
    "Fra: Plan og Byg <plan@kommune.example> Sendt: 21. november 2025 09:30 Til: Karen Emne: Høring",
    "Fra: Plan og Byg <plan@kommune.example>\nDato: 21. november 2025\nTil: karen@borger.example",
    "Til: Karen\nFra: Plan og Byg\nDato: 21.11.2025 09.30\nEmne: Høring",
    "From: Plan\nSent: Friday, November 21, 2025 9:30 AM\nTo: Karen; Bent;\nSusanne; Ole\nSubject: Høring",
    "Frå: Plan\nSendt: fredag\nTil: Karen\nEmne: Høring",
    "Från: Plan\nSkickat: den 21 november 2025\nTill: Karen\nÄmne: Høring",
    "Von: Plan\nGesendet: Freitag, 21. November 2025\nAn: Karen\nBetreff: AW: Høring",
    "De : Plan\nEnvoyé : vendredi\nÀ : Karen\nObjet : Høring",
    "Van: Plan\nVerzonden: vrijdag\nAan: Karen\nOnderwerp: Høring",
    "--- Исходное письмо ---\nОт: Plan\nДата: 21\nКому: Karen\nТема: Høring",
]  # fmt: skip


@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["close", "apart"])
@pytest.mark.parametrize("earlier", [EARLIER, MARKED], ids=["unmarked", "marked"])
@pytest.mark.parametrize("opener", SURE, ids=lambda opener: opener[:30])
def test_what_stands_under_an_opener_is_quoted(opener: str, earlier: str, gap: str) -> None:
    found = cut(letter(f"{OWN}\n\n{opener}{gap}{earlier}"))
    assert found.text == OWN
    assert found.rest == f"{opener}{gap}{earlier}"


@pytest.mark.parametrize(
    "opener",
    [
        "Den 3. maj 2025 skrev forvaltningen:",
        "Plan og Byg skrev den 24. november 2025:",
        "At 11/21/2025 09:30 AM, you wrote:",
        "El jueves, 21 de noviembre de 2025, plan escribió:",
        "понедельник, 6 октября 2025 г. пользователь plan написал:",
        "La 21.11.2025 09:30, Plan og Byg zice pe larg:",
    ],
)
def test_an_opener_in_doubt_is_one_only_above_marks(opener: str) -> None:
    assert now(f"{OWN}\n\n{opener}\n{MARKED}") == OWN
    assert now(f"{OWN}\n\n{opener}\n{EARLIER}") == f"{OWN}\n\n{opener}\n{EARLIER}"


@pytest.mark.parametrize("mark", ["> ", ">", "| ", "PB> "])
def test_marks_under_an_attribution_may_be_odd(mark: str) -> None:
    quote = f"{mark}Fristen er den 5.\n{mark}December."
    assert now(f"Ja.\n\nDen 21.11.2025 kl. 09.30 skrev Plan og Byg:\n{quote}\n\nOg tak.") == "Ja.\n\nOg tak."


def test_an_attribution_inside_the_marks_names_the_quote() -> None:
    quote = "> Den 21.11.2025 kl. 09.30 skrev Plan og Byg:\n>\n> Fristen er den 5. december."
    assert now(f"Ja.\n\n{quote}\n\nOg tak.") == "Ja.\n\nOg tak."


def test_marks_that_end_with_the_attribution_leave_the_rest_quoted() -> None:
    quote = "> Il 21 novembre 2025 alle 13.16 Plan <plan@kommune.example> ha scritto:\n>\n\nFristen er den 5."
    assert now(f"Ja.\n\n{quote}") == "Ja."


def test_a_quote_that_nobody_is_named_for_goes_when_nothing_answers_it() -> None:
    assert now(f"{OWN}\n\n{MARKED}") == OWN


def test_an_attribution_with_the_answer_under_it_is_all_that_goes() -> None:
    line = 'On 15 May 2025 19:32, "Plan" <plan@kommune.example> wrote:'
    assert cut(letter(f"{line}\n\n{OWN}")).rest == line
    assert now(f"{line}\n\n{OWN}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "Tak for din mail. Det lyder godt.\n\nHilsen til alle, som har hjulpet os i forløbet",
        "Tak\n\nVi venter på svar.",
        "Tak for din mail\nKaren",
        "Hilsner\nEr vi glade for. Men planen er stadig for stor til det lille kvarter.",
        "Fra: Stationen\nTil: Mosekrogen",
        "Ruten går\nFra: Stationen\nTil: Mosekrogen\nog det larmer.",
        "Den 3. maj 2025 kl. 14.30 skrev vi til forvaltningen:\nVi vil have træer.",
        "Den 3. maj 2025 kl. 14.30 skrev forvaltningen følgende:\nVi vil have træer.",
        "Som vi skrev den 3. maj 2025 kl. 14.30:\nVi vil have træer.",
        "12 træer fældes den 3. maj 2025.\nDet er for mange.",
        "Mødet den 3. maj 2025 kl. 19.00:\nVi var ti.",
        "Vi ønsker følgende afstande:\n> 50 m\nfra vejen.",
        "Vi ønsker afstanden\n> 50 m",
        "- Støj\n- Skygge\n-- og mere\n---------------------\nTrafikken på Ågade er for tung.",
        "--- Hvad vi skrev ---\nVi vil have træer.",
        "Sendt fra kommunen i går, men først modtaget nu.",
        "Ja.\n\nSendt fra min nabo, som også er imod.",
        "Mine svar står med fed nedenfor.\n\nFra: Plan\nTil: Karen\nEmne: Høring\n\nHvor mange træer?\nTolv.",
    ],
)  # fmt: skip
def test_a_citizens_own_words_stay(text: str) -> None:
    assert cut(letter(text)) == cut(letter(text, "Høringssvar"))
    assert now(text) == text


@pytest.mark.parametrize(
    "subject", ["VS: Høring", "Vs: SV: Høring", "Fwd: Høring", "[EKSTERN] FW: Høring", "WG: H"]
)
def test_a_forward_is_not_stripped_of_what_it_forwards(subject: str) -> None:
    text = f"Til orientering.\n\nMvh\nLene\n\n{SURE[0]}\n\n{MARKED}"
    assert now(text, subject) == text


def test_an_answer_to_a_forward_is_an_answer() -> None:
    assert now(f"Ja.\n\n{SURE[0]}\n\n{MARKED}", "SV: VS: Høring") == "Ja."


@pytest.mark.parametrize(
    "head",
    [
        "Fra: Bent Eksempel <bent@borger.example>\nSendt: 21. november 2025\nTil: Karen\nEmne: Skygge",
        "-----Oprindelig meddelelse-----\nFra: Bent\nSendt: 21.\nTil: Karen\nEmne: Skygge",
        "---------- Forwarded message ---------\nFra: Bent <bent@borger.example>\nEmne: Skygge",
    ],
)
def test_a_text_that_begins_with_a_forwarded_mail_stays_whole(head: str) -> None:
    text = f"{head}\n\nHuset kaster skygge.\n\n{SURE[0]}\n{MARKED}"
    assert now(text, "Skygge") == text


def test_a_letterhead_stays_and_the_quote_below_goes() -> None:
    text = f"Til: Udvalget\nFra: Beboerne\nDato: 24. november 2025\nEmne: Lokalplan\n\n{OWN}"
    assert now(f"{text}\n\n{SURE[0]}\n{MARKED}") == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nKaren Holm\nTlf. 12 34 56 78",
        "--\nKaren Holm, formand. Vi passer på mosen!",
        "Med venlig hilsen\n\nKaren Holm\nÅgade 12, 5690 Tommerup\nTlf. 12 34 56 78",
        "Mvh\nKaren",
        "Mvh Karen Holm, formand",
        "M.v.h.\nKaren",
        "De bedste hilsner fra\nBeboerne på Ågade",
        "Venlig hilsen på vegne af Ågadens Beboere\nKaren",
        "Best regards,\n\nKaren Holm\nkaren@borger.example",
        "Med vänlig hälsning\nKaren",
        "Mit freundlichen Grüßen\nKaren Holm",
        "/Karen",
        "Sendt fra min iPhone",
        "Sendt fra min Samsung Galaxy-smartphone.",
        "Sendt fra Outlook til iOS",
        "Sendt fra Mail til Windows",
        "Sendt fra Yahoo Mail på Android",
        "Hent Outlook til Android<https://aka.ms/x>",
        "Sendt fra min mobil. Undskyld tastefejl",
        "Sent from my iPhone",
        "Skickat från min iPad",
        "Envoyé à partir de Outlook pour iOS<https://aka.ms/x>",
        "Von meinem Mobilgerät gesendet",
        "Mvh\nKaren\n\nSendt fra min iPad\n____________________",
        "Med venlig hilsen\nKaren Holm\n\nHent Outlook til iOS<https://aka.ms/x>",
    ],
)
def test_a_signature_and_what_phones_add_go(signature: str) -> None:
    found = cut(letter(f"{OWN}\n\n{signature}"))
    assert (found.text, found.rest) == (OWN, signature)
    assert now(f"{OWN}\n\n{signature}\n\n{SURE[0]}\n\n{MARKED}") == OWN


@pytest.mark.parametrize(
    "more",
    [
        "PS. Vi har også sendt et kort.",
        "Vi har i øvrigt også sendt et kort til jer i går.",
        "Se vedhæftede",
        "Hvornår får vi svar?",
    ],
)
def test_what_follows_the_signature_and_is_none_stays(more: str) -> None:
    signature = "Med venlig hilsen\n\nKaren Holm\nTlf. 12 34 56 78"
    assert now(f"{OWN}\n\n{signature}\n\n{more}") == f"{OWN}\n\n{more}"


@pytest.mark.parametrize(
    "text", ["Med venlig hilsen\nKaren", "Sendt fra min iPhone", "> Ja\n> tak", "--\nKaren"]
)
def test_a_mail_that_says_little_is_not_emptied(text: str) -> None:
    assert now(text) == text


def test_a_signature_alone_above_a_quote_is_what_was_written() -> None:
    assert now(f"Mvh\nKaren\n\n{SURE[0]}\n\n{MARKED}") == "Mvh\nKaren"


def test_a_greeting_that_nobody_signs_stays() -> None:
    assert now(f"{OWN}\n\nMed venlig hilsen") == f"{OWN}\n\nMed venlig hilsen"
