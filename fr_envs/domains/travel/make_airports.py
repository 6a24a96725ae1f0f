"""Writes ``airports.json``: large passenger airports, cut from airportsdata.

Run ``python -m fr_envs.domains.travel.make_airports`` after a change of the list below. A file of its own because
loading airportsdata takes longer than building a world, and because most of its 7,884 codes are private strips.
"""

from __future__ import annotations

import json
from pathlib import Path

import airportsdata

__all__ = ["airport_rows", "main"]

CODES = frozenset(
    """
    ATL LAX ORD DFW DEN JFK EWR LGA SFO SEA LAS MCO CLT MIA PHX IAH BOS MSP FLL DTW PHL BWI IAD DCA SLC SAN TPA MDW
    HNL PDX STL BNA AUS DAL HOU SMF SJC RDU MCI MSY SNA OAK CLE IND PIT CVG CMH SAT RSW JAX MKE OGG ANC ABQ BUF OMA
    BOI YYZ YVR YUL YYC YEG YOW YHZ YWG YQB MEX CUN GDL MTY TIJ PTY SAL GUA HAV PUJ SDQ SJU NAS KIN MBJ BOG MDE CTG
    LIM CUZ UIO GYE CCS GRU CGH GIG BSB CNF SSA REC POA CWB FOR EZE AEP COR MDZ SCL MVD ASU VVI LPB LHR LGW STN LTN
    LCY MAN EDI GLA BHX BRS NCL BFS DUB ORK SNN CDG ORY NCE LYS MRS TLS BOD NTE BSL GVA ZRH FRA MUC BER DUS HAM STR
    CGN HAJ NUE LEJ VIE SZG INN GRZ AMS EIN BRU CRL LUX MAD BCN PMI AGP ALC VLC SVQ BIO LPA TFS LIS OPO FAO FNC FCO
    CIA MXP LIN BGY VCE NAP CTA PMO BLQ PSA TRN BRI ATH SKG HER RHO MLA LCA PFO CPH AAL BLL ARN GOT OSL BGO TRD SVG
    TOS HEL OUL TMP KEF RIX TLL VNO WAW KRK GDN WRO KTW POZ PRG BRQ BUD OTP CLJ SOF VAR BEG ZAG SPU DBV LJU SKP TIA
    SJJ IST SAW AYT ESB ADB TLV AMM BEY DXB AUH DOH KWI BAH MCT RUH JED DMM TBS EVN GYD ALA NQZ TAS CAI HRG SSH CMN
    RAK AGA TUN ALG DKR ACC LOS ABV ABJ ADD NBO MBA DAR ZNZ EBB KGL JNB CPT DUR WDH LUN HRE MRU RUN TNR SEZ DEL BOM
    BLR MAA HYD CCU COK AMD PNQ GOI CMB MLE KTM DAC ISB LHE KHI BKK DMK HKT CNX SGN HAN DAD RGN KUL PEN BKI SIN CGK
    DPS SUB MNL CEB HKG MFM TPE KHH PEK PKX PVG SHA CAN SZX CTU CKG XIY KMG HGH WUH NKG XMN TAO CSX DLC TSN NRT HND
    KIX ITM NGO CTS FUK OKA ICN GMP PUS CJU ULN SYD MEL BNE PER ADL CBR OOL CNS HBA DRW AKL WLG CHC ZQN NAN PPT NOU
    """.split()  # noqa: SIM905 - as a list it would take hundreds of lines
)

CITIES = {
    "AGP": "Málaga", "BEG": "Belgrade", "BGY": "Milan", "BOD": "Bordeaux", "BSL": "Basel", "CEB": "Cebu",
    "CGK": "Jakarta", "CJU": "Jeju", "CNF": "Belo Horizonte", "COK": "Kochi", "CRL": "Brussels", "CTS": "Sapporo",
    "CVG": "Cincinnati", "DCA": "Washington", "DMM": "Dammam", "DPS": "Denpasar", "FNC": "Funchal", "FRA": "Frankfurt",
    "GOI": "Goa", "HAJ": "Hanover", "ITM": "Osaka", "KEF": "Reykjavik", "KHH": "Kaohsiung", "KIX": "Osaka",
    "LCA": "Larnaca", "LPA": "Las Palmas", "LPB": "La Paz", "MDE": "Medellín", "MFM": "Macau", "MLA": "Valletta",
    "MLE": "Malé", "MRU": "Port Louis", "NAN": "Nadi", "NAP": "Naples", "NGO": "Nagoya", "OGG": "Kahului",
    "OTP": "Bucharest", "OUL": "Oulu", "PMI": "Palma", "PTY": "Panama City", "RDU": "Raleigh", "RHO": "Rhodes",
    "RSW": "Fort Myers", "SAL": "San Salvador", "SAW": "Istanbul", "SEZ": "Mahé", "SNA": "Santa Ana", "SVQ": "Seville",
    "TFS": "Tenerife", "TLS": "Toulouse", "TMP": "Tampere", "TRN": "Turin", "ULN": "Ulaanbaatar", "VCE": "Venice",
    "XIY": "Xi'an", "YUL": "Montreal", "YVR": "Vancouver", "ZNZ": "Zanzibar",
}  # fmt: skip
"""Towns that people name, where airportsdata has the municipality of the runway."""


def airport_rows() -> list[list[str | float]]:
    """Return ``[iata, name, city, country, metro code or "", latitude, longitude, time zone]``, sorted by code."""
    airports = airportsdata.load("IATA")
    metros = {code: (metro, body["name"]) for metro, body in airportsdata.load_iata_macs().items()
              for code in body["airports"]}  # fmt: skip
    rows: list[list[str | float]] = []
    for code in sorted(CODES & set(airports)):
        airport = airports[code]
        metro, city = metros.get(code, ("", airport["city"]))
        name = airport["name"].replace(" Intl", " International")
        rows.append([
            code, name, CITIES.get(code, city), airport["country"], metro,
            round(airport["lat"], 4), round(airport["lon"], 4), airport["tz"],
        ])  # fmt: skip
    return rows


def main(path: Path) -> None:
    """Write the file, one airport a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in airport_rows())
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(__file__).with_name("airports.json"))
