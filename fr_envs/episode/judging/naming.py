"""What codes are called: currencies and countries by their signs and names."""

from __future__ import annotations

import functools
import re

__all__ = ["named"]

_SIGNS = {
    "EUR": ("€", "euro", "euros"),
    "USD": ("$", "us$", "dollar", "dollars", "u.s. dollars"),
    "GBP": ("£", "pound", "pounds", "pounds sterling", "sterling"),
    "JPY": ("¥", "yen"),
    "CNY": ("¥", "yuan", "renminbi"),
    "CHF": ("franc", "francs", "sfr", "swiss francs"),
    "INR": ("₹", "rupee", "rupees", "rs"),
    "KRW": ("₩", "won"),
    "PLN": ("zł", "zl", "zloty", "zlotys"),
    "CZK": ("kč", "kc", "koruna", "korunas", "crowns"),
    "SEK": ("kr", "krona", "kronor", "swedish kronor"),
    "NOK": ("kr", "krone", "kroner", "norwegian kroner"),
    "DKK": ("kr", "krone", "kroner", "danish kroner"),
    "HUF": ("ft", "forint", "forints"),
    "TRY": ("₺", "lira", "liras"),
    "ILS": ("₪", "shekel", "shekels"),
    "THB": ("฿", "baht"),
    "BRL": ("r$", "reais"),
    "ZAR": ("rand",),
    "MXN": ("mx$", "$", "peso", "pesos"),
    "CAD": ("c$", "ca$", "$", "canadian dollars", "dollars"),
    "AUD": ("a$", "au$", "$", "australian dollars", "dollars"),
    "NZD": ("nz$", "$", "new zealand dollars", "dollars"),
    "SGD": ("s$", "$", "singapore dollars", "dollars"),
    "HKD": ("hk$", "$", "hong kong dollars", "dollars"),
    "AED": ("dirham", "dirhams"),
}
_CODE = re.compile(r"[A-Z]{2,3}")


@functools.lru_cache(maxsize=512)
def named(value: str) -> tuple[str, ...]:
    """Return what else a code of a currency or a country is called; nothing for any other value.

    Example:
        >>> named("DE"), "euro" in named("EUR"), named("Ada")
        (('Germany',), True, ())
    """
    if not _CODE.fullmatch(value):
        return ()
    import pycountry  # reads its tables on first use

    if len(value) == 2:
        country = pycountry.countries.get(alpha_2=value)
        return () if country is None else tuple(_names(country))
    currency = pycountry.currencies.get(alpha_3=value)
    if currency is None:
        return _SIGNS.get(value, ())
    return (*_SIGNS.get(value, ()), currency.name, f"{currency.name}s")


def _names(country: object) -> list[str]:
    found = [getattr(country, field, None) for field in ("name", "common_name")]
    names = [name for name in found if isinstance(name, str)]
    short = [name.partition(",")[0] for name in names if "," in name]
    return list(dict.fromkeys([*names, *short, *(_ALSO.get(str(getattr(country, "alpha_2", "")), ()))]))


_ALSO = {
    "GB": ("UK", "Great Britain", "Britain"),
    "US": ("USA", "the States"),
    "NL": ("Holland",),
    "CZ": ("Czech Republic",),
    "TR": ("Turkey",),
    "KR": ("South Korea",),
    "RU": ("Russia",),
}
