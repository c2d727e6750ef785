"""Who sent a telegram: from the transmission line (FM AMEMBASSY DUSHANBE) or, where that is missing, from the post's name alone."""

from __future__ import annotations

import re

# Posts whose name in full does not follow from the line; what the reference id is made of stands beside it.
SPECIAL = {
    "SECSTATE WASHDC": ("Secretary of State", "STATE"),
    "SECSTATE WASHINGTON DC": ("Secretary of State", "STATE"),
    "USMISSION GENEVA": ("US Mission Geneva", "GENEVA"),
    "USMISSION USNATO": ("Mission USNATO", "USNATO"),
    "USMISSION USUN NEW YORK": ("USUN New York", "USUNNEWYORK"),
    "USMISSION USEU BRUSSELS": ("USEU Brussels", "USEUBRUSSELS"),
    "USEU BRUSSELS": ("USEU Brussels", "USEUBRUSSELS"),
    "USMISSION UNVIE VIENNA": ("UNVIE", "UNVIEVIENNA"),
    "USMISSION UNVIE": ("UNVIE", "UNVIE"),
    "USMISSION USOSCE": ("Mission USOSCE", "USOSCE"),
    "USMISSION UN ROME": ("UN Rome", "UNROME"),
    "USMISSION UNESCO PARIS": ("Mission UNESCO", "UNESCOPARIS"),
    "AIT TAIPEI": ("American Institute Taiwan, Taipei", "AITTAIPEI"),
    "USINT HAVANA": ("US Interests Section Havana", "HAVANA"),
    "IRAN RPO DUBAI": ("Iran RPO Dubai", "RPODUBAI"),
    "RPO DUBAI": ("Iran RPO Dubai", "RPODUBAI"),
}
OFFICES = (
    (re.compile(r"^AM(?:ERICAN )?EMBASSY "), "Embassy "),
    (re.compile(r"^AM(?:CONSUL|CONGEN|ERICAN CONSULATE) "), "Consulate "),
    (re.compile(r"^USMISSION "), "Mission "),
    (re.compile(r"^USOFFICE "), "US Office "),
    (re.compile(r"^USLO "), "US Liaison Office "),
    (re.compile(r"^REO "), "REO "),
)
# Posts that are no capital, so a telegram of theirs comes from a consulate.
CONSULATES = frozenset(
    [
        "ADANA",
        "ALEXANDRIA",
        "ALMATY",
        "AMSTERDAM",
        "AUCKLAND",
        "BARCELONA",
        "BELFAST",
        "CALGARY",
        "CAPETOWN",
        "CASABLANCA",
        "CEBU",
        "CHENGDU",
        "CHENNAI",
        "CHIANGMAI",
        "CIUDADJUAREZ",
        "CURACAO",
        "DHAHRAN",
        "DUBAI",
        "DURBAN",
        "DUSSELDORF",
        "EDINBURGH",
        "FLORENCE",
        "FRANKFURT",
        "FUKUOKA",
        "GUADALAJARA",
        "GUANGZHOU",
        "GUAYAQUIL",
        "HALIFAX",
        "HAMBURG",
        "HAMILTON",
        "HERMOSILLO",
        "HOCHIMINHCITY",
        "HONGKONG",
        "ISTANBUL",
        "JEDDAH",
        "JERUSALEM",
        "JOHANNESBURG",
        "KADUNA",
        "KARACHI",
        "KOLKATA",
        "KRAKOW",
        "LAGOS",
        "LAHORE",
        "LEIPZIG",
        "LYON",
        "MARSEILLE",
        "MATAMOROS",
        "MEDAN",
        "MELBOURNE",
        "MERIDA",
        "MILAN",
        "MONTERREY",
        "MONTREAL",
        "MUMBAI",
        "MUNICH",
        "NAGOYA",
        "NAHA",
        "NAPLES",
        "NOGALES",
        "NUEVOLAREDO",
        "OSAKAKOBE",
        "PERTH",
        "PESHAWAR",
        "PONTADELGADA",
        "QUEBEC",
        "RECIFE",
        "RIODEJANEIRO",
        "SAOPAULO",
        "SAPPORO",
        "SHANGHAI",
        "SHENYANG",
        "STPETERSBURG",
        "STRASBOURG",
        "SURABAYA",
        "SYDNEY",
        "THESSALONIKI",
        "TIJUANA",
        "TORONTO",
        "VANCOUVER",
        "VLADIVOSTOK",
        "WINNIPEG",
        "YEKATERINBURG",
    ]
)
# What stands in the head line of a telegram in place of its post's own line; the rest are embassies or consulates.
HEAD_NAMES = {
    "STATE": "SECSTATE WASHDC",
    "SECSTATE": "SECSTATE WASHDC",
    "GENEVA": "USMISSION GENEVA",
    "USNATO": "USMISSION USNATO",
    "USUN NEW YORK": "USMISSION USUN NEW YORK",
    "USEU BRUSSELS": "USEU BRUSSELS",
    "UNVIE VIENNA": "USMISSION UNVIE VIENNA",
    "USOSCE": "USMISSION USOSCE",
    "UN ROME": "USMISSION UN ROME",
    "AIT TAIPEI": "AIT TAIPEI",
    "HAVANA": "USINT HAVANA",
    "RPO DUBAI": "RPO DUBAI",
}


def squeeze(text: str) -> str:
    """The post as it stands in a reference id: letters alone."""
    return re.sub(r"[^A-Z]", "", text.upper())


def post_of_line(line: str) -> tuple[str, str]:
    """(origin, letters of the reference id) from what follows FM; ("", "") for an unreadable line."""
    read = re.sub(r"\s+", " ", line.strip().upper())
    read = re.sub(r"\s+\d+$", "", read)
    if read in SPECIAL:
        return SPECIAL[read]
    for pattern, word in OFFICES:
        if pattern.match(read):
            place = pattern.sub("", read)
            return word + place.title(), squeeze(place)
    return (read.title(), squeeze(read)) if read else ("", "")


def post_of_head(name: str) -> tuple[str, str]:
    """The same from the head line of the text, UNCLAS THE HAGUE 001695, which names the place alone."""
    read = re.sub(r"\s+", " ", name.strip().upper())
    if read in HEAD_NAMES:
        return SPECIAL[HEAD_NAMES[read]]
    letters = squeeze(read)
    return ("Consulate " if letters in CONSULATES else "Embassy ") + read.title(), letters


def post_of_origin(origin: str) -> str:
    """The letters of the reference id for an origin named in full."""
    for name, letters in SPECIAL.values():
        if name == origin:
            return letters
    return squeeze(re.sub(r"^(?:Embassy|Consulate|US Mission|Mission|US Office|US Liaison Office|REO) ", "", origin))
