"""Names for travellers and companies."""

from __future__ import annotations

__all__ = ["COMPANY_FIRST", "COMPANY_LAST", "DEPARTMENTS", "FIRST_NAMES", "LAST_NAMES", "PROGRAMMES"]

FIRST_NAMES = tuple(
    """
    Ada Adrian Aisha Alejandro Amara Anders Anika Anton Arjun Astrid Beatriz Benoit Bianca Carlos Chiara Clara Daan
    Daniela David Diego Elena Elif Emil Emma Erik Esther Fatima Felix Fiona Freya Gabriel Giulia Grace Hana Hannah
    Henrik Hugo Ines Ingrid Irina Isabel Ivan Jakub Jan Javier Johanna Jonas Julia Kaito Karim Katarina Kenji Lars
    Laura Leila Leo Linnea Lorenzo Lucia Luka Magnus Maja Marco Maria Marta Mateo Mei Mila Mohammed Nadia Nikhil
    Nina Noah Nora Olga Oliver Omar Oskar Paula Pedro Petra Priya Rafael Rosa Ruth Samuel Sara Selma Simon Sofia
    Stefan Tariq Teresa Thomas Tomas Vera Victor Wei Yara Yuki Zofia
    """.split()  # noqa: SIM905 - as a list it would take hundreds of lines
)

LAST_NAMES = tuple(
    """
    Aalto Abebe Almeida Andersen Aoki Bakker Barbieri Bauer Becker Berg Bianchi Blanco Bose Brandt Castillo Chen
    Costa Dahl Demir Diaz Dubois Eriksen Falk Fernandes Fischer Fontaine Garcia Gruber Haddad Hansen Hashimoto
    Hoffmann Horvat Hughes Ibrahim Ivanova Jansen Jensen Johansson Kaya Keller Khan Kim Kovacs Kowalski Kumar Larsen
    Laurent Lehmann Lindqvist Lopez Marino Mensah Meyer Moreau Mori Murphy Nakamura Navarro Nguyen Novak Okafor
    Olsen Ortega Osei Park Patel Pereira Peters Petrov Ramos Reyes Ricci Rossi Santos Sato Schmid Schneider Silva
    Singh Sokolov Svensson Tanaka Taylor Torres Urban Vasquez Vidal Virtanen Vogel Wagner Walsh Weber Wright Yilmaz
    Zhang Ziegler
    """.split()  # noqa: SIM905 - as a list it would take hundreds of lines
)

DEPARTMENTS = ("sales", "engineering", "finance", "marketing", "legal", "operations", "research", "support")

COMPANY_FIRST = (
    "Brightwater", "Stonebridge", "Halden", "Corvus", "Larkfield", "Nordlys", "Pinecrest", "Quillon", "Redwick",
    "Silverbank", "Tideway", "Umbra", "Vantage", "Westmark", "Yarrow",
)  # fmt: skip
COMPANY_LAST = (
    "Analytics", "Biotech", "Consulting", "Design", "Energy", "Foods", "Instruments", "Logistics", "Robotics",
    "Textiles",
)  # fmt: skip
PROGRAMMES = ("SkyCircle", "MilesAbove", "Wingspan Club", "Horizon Rewards", "Jetstream Plus", "BlueAltitude")
