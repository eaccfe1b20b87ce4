"""A made-up notat with every kind of content."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from handlers.content import Item, Listing, Note, Para, Run, paragraphs
from handlers.notat.shape import Chapter, Fact, Notat, Role, Table

AT = datetime(2031, 4, 23, 9, 30, tzinfo=UTC)
LONG_PARTY = (
    "Foreningen til Bevarelse af Strandengene ved Vesterlund Nor, Ejerlauget Havnekvarteret "
    "og Grundejerforeningen Solsiden"
)


def _para(*runs: Run | Note, quote: bool = False) -> Para:
    return Para(runs, quote=quote)


PARTIES = (
    "Vesterlund Cyklistforening",
    LONG_PARTY,
    "Ældrerådet i Vesterlund",
    "Privatperson Møllestien",
    "Handelsstandsforeningen (besvaret via mail)",
)

RESUME = paragraphs(
    "Notatet samler de høringssvar, som Vesterlund Kommune har modtaget til forslaget til mobilitetsplan, "
    "og forvaltningernes bemærkninger til dem. Høringen blev sendt til 12 organisationer, og der er kommet "
    "5 høringssvar. På baggrund af høringen er der foretaget mindre ændringer i planens afsnit om "
    "cykelparkering og om adgang til stationen."
)
RECEIVED = (
    _para(Run("Der er kommet høringssvar fra følgende 5 parter, listet i den rækkefølge, de er modtaget:")),
    Listing(tuple(Item((Run(party),), ordered=True) for party in PARTIES)),
)
NESTED = Listing(
    (
        Item((Run("Cykelparkering"),), ordered=True),
        Item((Run("120 pladser ved stationens østlige indgang"),), 1, ordered=True),
        Item((Run("40 pladser til ladcykler"),), 1, ordered=True),
        Item((Run("med lås i jorden"),), 2),
        Item((Run("og lys om natten"),), 2),
        Item((Run("Busholdepladser med læskærm og bænk, hvor fortovet er bredt nok til det"),), ordered=True),
        Item((Run("Nye træer"),), ordered=True),
    )
)
WITH_NOTE = (
    _para(
        Run("Teknik- og Miljøforvaltningen tager bemærkningerne til efterretning og er enig i, at "),
        Run("cykelparkeringen bør udvides", bold=True),
        Run(". Behovet er opgjort i den seneste tælling"),
        Note(
            (
                Run("Se "),
                Run("tællingen på kommunens side", href="https://vesterlund.example/cykeltaelling"),
                Run(", hvor metoden også er beskrevet."),
            )
        ),
        Run(", og forvaltningen vil derfor rette planen til på disse punkter:"),
    ),
    NESTED,
    _para(
        Run("Ændringen holdes inden for den eksisterende ramme på "),
        Run("1,6 mio. kr.", italic=True),
        Run(" og kræver ingen ny bevilling."),
    ),
)
BULLETS = (
    _para(Run("Socialforvaltningen har disse tilbud til borgere, der har svært ved at komme omkring:")),
    Listing(
        tuple(
            Item((Run(text),))
            for text in ("Flextrafik", "Ledsageordning", "Besøgsvenner og følgeskab til læge og sygehus")
        )
    ),
    _para(
        Run("Forvaltningen henviser desuden til "),
        Run("kommunens oversigt", href="https://vesterlund.example/tilbud"),
        Run(" og til "),
        Run("den tidligere ordning", strike=True),
        Run(" den nye ordning fra 2030."),
    ),
)
QUOTE = (
    _para(Run("Ældrerådet skriver blandt andet:")),
    _para(
        Run("”Bænkene er ikke pynt. De er det, der afgør, om man når hen til bageren og hjem igen.”"),
        quote=True,
    ),
    _para(Run("Rådet ønsker højst 150 meter mellem bænkene på de gennemgående strækninger.")),
)
ASKED = paragraphs(
    "Følgende 12 organisationer har modtaget høringen:\n\nAgerholm Lokalråd, Cyklisterne, "
    "Ældrerådet, Handicaprådet, Handelsstandsforeningen, Ejerlauget Havnekvarteret "
    "og seks grundejerforeninger (Solsiden, Nordbakken, Mosen, Engparken, Lyngen og Strandhøj)."
)
HEARD = Table(
    "Hørte parter",
    ("Høringspart", "Har svaret", "Med bemærkninger", "Uden bemærkninger", "Har ikke svaret"),
    (
        ("Handelsstandsforeningen", "X", "X", "", ""),
        (LONG_PARTY, "X", "", "X", ""),
        ("Ældrerådet i Vesterlund", "", "", "", "X"),
    ),
)
SUMMARY = paragraphs(
    "Parten bakker op om planen, men savner en afklaring af, hvordan der bliver plads til både varelevering, "
    "cykler og gående i de smalle gader bag torvet.\n\nParten beder om, at ordningen bliver prøvet af "
    "i et år, før den gøres permanent, og at handlende og beboere bliver inddraget i evalueringen."
)
ANSWER = paragraphs(
    "Teknik- og Miljøforvaltningen kan oplyse, at der i de smalle gader bag torvet kun gives adgang for "
    "varelevering mellem kl. 7 og 10. Uden for det tidsrum er gaderne forbeholdt gående og cyklister. "
    "Forsøget følges med tællinger i maj og september.\n\nForvaltningen vil fremlægge en evaluering for "
    "udvalget, når ordningen har været i kraft i 12 måneder."
)
FINDINGS = (
    _para(Run("Notatet er et udkast. Det kan ikke gøres endeligt, før disse punkter er på plads:")),
    Listing(
        (
            Item((Run("Høringssvar 3: ", bold=True), Run("Sundhedsforvaltningen har ikke svaret."))),
            Item((Run("Høringssvar 4: ", bold=True), Run("Resumé mangler."))),
            Item((Run("Det indtastede antal hørte parter er 11, men listen har 12."),)),
        )
    ),
)


def _chapters() -> tuple[Chapter, ...]:
    return (
        Chapter(Role.PART, "Resume", RESUME),
        Chapter(Role.PART, "Sagsfremstilling"),
        Chapter(
            Role.SECTION,
            "Hørte myndigheder og organisationer",
            (*ASKED, HEARD),
        ),
        Chapter(Role.SECTION, "Modtagne høringssvar", RECEIVED),
        Chapter(Role.SUBMISSION, f"Høringssvar 1: {PARTIES[0]}", SUMMARY),
        Chapter(Role.REMARK, "Bemærkninger fra Teknik- og Miljøforvaltningen", WITH_NOTE),
        Chapter(Role.SUBMISSION, f"Høringssvar 2: {LONG_PARTY}", SUMMARY),
        Chapter(Role.REMARK, "Bemærkninger fra Teknik- og Miljøforvaltningen", ANSWER),
        Chapter(Role.REMARK, "Bemærkning fra Kultur- og Fritidsforvaltningen", ANSWER[:1]),
        Chapter(Role.SUBMISSION, "Høringssvar 3: Ældrerådet i Vesterlund", QUOTE),
        Chapter(Role.REMARK, "Bemærkninger fra Socialforvaltningen", BULLETS),
        Chapter(Role.REMARK, "Bemærkning fra Teknik- og Miljøforvaltningen", (NESTED,)),
        Chapter(Role.SUBMISSION, "Høringssvar 4: Privatperson Møllestien", SUMMARY[:1]),
        Chapter(Role.REMARK, "Bemærkninger fra Teknik- og Miljøforvaltningen", ANSWER),
        Chapter(Role.SUBMISSION, "Høringssvar 5: Handelsstandsforeningen", SUMMARY),
        Chapter(Role.REMARK, "Bemærkninger fra Økonomiforvaltningen", ANSWER),
    )


FINAL = Notat(
    title="Høringsnotat – Forslag til mobilitetsplan for Vesterlund bymidte",
    owner="Teknik- og Miljøforvaltningen",
    facts=(
        Fact("Dato", "23. april 2031"),
        Fact("Sagsnummer", "2031-0004321"),
        Fact("Dokumentnummer", "2031-0004321-7"),
        Fact("Sagsbehandler", "Team Mobilitet"),
        Fact("Høringsperiode", "5. februar 2031 – 5. marts 2031"),
    ),
    draft="",
    findings_heading="Mangler og bemærkninger",
    findings=(),
    chapters=_chapters(),
    running_title="Høringsnotat – Mobilitetsplan for Vesterlund bymidte",
    case_label="Sagsnr. 2031-0004321",
)
DRAFT = replace(FINAL, draft="Udkast", findings=FINDINGS)
