"""Exchange rates on one day, so that prices and invoices never depend on a download.

European Central Bank, 2026-01-05, as ``CurrencyConverter().convert(1, "EUR", code, date=date(2026, 1, 5))`` gives them.
"""

from __future__ import annotations

__all__ = ["RATES"]

RATES = {
    "EUR": 1.0, "USD": 1.1664, "GBP": 0.8676, "CHF": 0.9289, "SEK": 10.787, "NOK": 11.7795, "DKK": 7.4695,
    "AUD": 1.7492, "CAD": 1.6087, "SGD": 1.5018,
}  # fmt: skip
"""Units of each currency for one euro."""
