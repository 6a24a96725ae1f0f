"""What belongs to the user in a first state, and the months of history behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.banking.days import (
    add_days,
    add_months,
    business_day_after,
    last_business_day,
    months_from,
    next_due,
    on_business_day,
)
from fr_envs.domains.banking.first_state.frozen import NamePool, frozen, pool_of
from fr_envs.domains.banking.first_state.people import BILLS, HOMES, SHOPS, company, landlord, shop
from fr_envs.domains.banking.handlers.repayment import instalment_of
from fr_envs.domains.banking.iban import bank_of, make_iban
from fr_envs.domains.banking.state import (  # fmt: skip
    Alert,
    Budget,
    Card,
    Entry,
    Loan,
    Mandate,
    Message,
    Payee,
    Posting,
    Scheduled,
    StandingOrder,
    Subscription,
    Tariff,
)

if TYPE_CHECKING:
    from fr_envs.domains.banking.first_state.builder import Builder, Sizes

__all__ = ["furnish"]

_NICKNAMES = {
    "checking": ("Household", "Everyday", "Joint bills", "Side business", "Family", "Flat share"),
    "savings": ("Holiday fund", "Rainy day", "New kitchen", "House deposit", "Car fund", "Studies", "Nest egg"),
}
_ORDERS = (
    ("Pocket money", "family"), ("Allotment", "leisure"), ("Choir", "leisure"), ("Tuition", "education"),
    ("Child support", "family"), ("Parking space", "transport"), ("Cleaning", "household"), ("Storage unit", "rent"),
)  # fmt: skip
_RESTING = 2  # place of the order that is paused, in homes with so many: somebody has to have one to let it run again
_PURPOSES = ("car", "kitchen", "studies", "renovation", "furniture", "solar")
_STREAMS = ("{last} Streaming", "{last} Cloud", "{town} Audio", "{last} Games", "{last} News", "{town} Boxes")
_CARD_TYPES = ("debit", "virtual", "gold", "travel")
_BUDGETED = ("groceries", "dining", "shopping", "transport", "leisure", "travel", "health", "gifts")
_NOTES = ("Thanks for dinner", "Birthday present", "Concert tickets", "Invoice 2{n}", "Deposit", "Order {n}", "Trip")


class _Home(NamedTuple):
    """What the parts of a household share: names, accounts, days.

    Attributes:
        b: Collects the rows.
        pool: Names of the country.
        main: The account that payments come from.
        savings: The first savings account.
        start: First day of history.
        days: The days from there on, for all months and one more.
        months: Where in ``days`` each month begins that things are bought in: a year's, or all up to today.
    """

    b: Builder
    pool: NamePool
    main: str
    savings: str
    start: str
    days: list[str]
    months: list[int]


def furnish(b: Builder, tariff: Tariff, sizes: Sizes) -> None:
    """Give the user accounts, cards, payees, orders, mandates and a history."""
    pool = pool_of(b.clock.country, HOMES[b.clock.country])
    main, others = _accounts(b, sizes)
    start = add_months(b.clock.today[:8] + "01", -sizes.months)
    home = _Home(b, pool, main, others[0], start, *months_from(start, max(12, sizes.months + 1)))
    _cards(home, [main, *others], sizes)
    _payees(home, sizes)
    _orders(home, tariff)
    _mandates(home, sizes)
    _subscriptions(home)
    _income(home)
    _shopping(home, sizes.shopping)
    _gifts(home, tariff)
    floor = b.rows["accounts"][main].floor
    spare = b.draws.price(60_000, 420_000)
    left = 5_000 if sizes.months < 12 else spare + 200_000  # years of shopping would leave nothing to live on
    b.fund(main, max(spare + floor, floor - b.lowest(main) + left))
    months = [add_months(start, n)[:7] for n in range(sizes.months)]
    b.book_history(months, [main, *others])
    if b.draws.chance(0.8):
        _loan(home, tariff)
    _watch(home)
    _inbox(home)


def _accounts(b: Builder, sizes: Sizes) -> tuple[str, list[str]]:
    draws, user = b.draws, b.clock.user
    overdraft = draws.pick((0, 30_000, 50_000, 100_000))
    main = b.open(user, "checking", "EUR", draws.pick(("Main", "Salary", "Current", "Giro")), 0, floor=-overdraft)
    names = {kind: draws.sample(pool, 6) for kind, pool in _NICKNAMES.items()}
    rate = draws.pick((50, 100, 150, 200))
    savings = b.open(user, "savings", "EUR", names["savings"].pop(), draws.price(80_000, 2_500_000), rate=rate)
    others = [savings]
    for _ in range(draws.within(1, sizes.accounts)):
        kind = draws.pick(("checking", "savings"))
        currency = "EUR" if draws.chance(0.4) else draws.pick(("USD", "GBP", "CHF", "SEK", "PLN", "CAD"))
        others.append(b.open(user, kind, currency, names[kind].pop(), draws.price(30_000, 600_000), rate=0))
    return main, others


def _cards(home: _Home, accounts: list[str], sizes: Sizes) -> None:
    b, draws = home.b, home.b.draws
    checking = [a for a in accounts if b.rows["accounts"][a].type == "checking"]
    kinds = draws.sample(_CARD_TYPES, draws.within(min(2, sizes.cards), sizes.cards + 2))
    tails = draws.sample(range(1_000, 10_000), len(kinds)) if kinds else []
    for i, (kind, tail) in enumerate(zip(kinds, tails, strict=True)):
        card_id = b.new_id("cards")
        account = home.main if i == 0 else draws.pick(checking)
        status = "frozen" if i and draws.chance(0.4) else "active"
        limit = draws.pick((100_000, 150_000, 200_000, 300_000, 500_000))
        expires = add_months(b.clock.today, draws.within(3, 46))[:7]
        b.add("cards", card_id, Card(card_id, account, kind, f"{tail}", status, limit, 0, "", expires, ""))
    _new_card(home, {int(tail) for tail in tails})


def _new_card(home: _Home, taken: set[int]) -> None:
    """Put a card into the letter box that still has to be activated."""
    b, draws = home.b, home.b.draws
    tail = next(number for number in draws.sample(range(1_000, 10_000), len(taken) + 1) if number not in taken)
    card_id, arrived = b.new_id("cards"), add_days(b.clock.today, -draws.within(0, 4))
    expires = add_months(b.clock.today, 48)[:7]
    b.add(
        "cards", card_id, Card(card_id, home.main, "prepaid", f"{tail}", "in_delivery", 50_000, 0, "", expires, arrived)
    )


def _outside_iban(home: _Home) -> str:
    b, draws = home.b, home.b.draws
    country = b.clock.country if draws.chance(0.75) else draws.pick(tuple(HOMES))
    code = draws.pick(tuple(frozen().banks[country]))
    return make_iban(country, code, draws.within(10**8, 10**14 - 1))


def _payee(home: _Home, name: str, iban: str, added: str, *, confirmed: bool = True, category: str = "other") -> str:
    b = home.b
    bank = bank_of(iban)
    bic, bank_name = bank or (b.clock.bic, b.clock.bank)
    payee_id = b.new_id("payees")
    b.add(
        "payees", payee_id, Payee(payee_id, name, iban, bic, bank_name, "", added, added if confirmed else "", category)
    )
    return payee_id


def _payees(home: _Home, sizes: Sizes) -> None:
    b, draws = home.b, home.b.draws
    long_ago = add_days(home.start, -draws.within(20, 300))
    _payee(home, landlord(home.pool, draws), _outside_iban(home), long_ago, category="rent")
    inside = [a for a in b.rows["accounts"].values() if a.customer_id != b.clock.user and a.currency == "EUR"]
    names: set[str] = set()
    for i in range(draws.within(sizes.payees, sizes.payees * 2) - 1):
        pool = home.pool if draws.chance(0.6) else frozen().names[draws.pick(tuple(frozen().names))]
        name = f"{draws.pick(pool.first)} {draws.pick(pool.last)}"
        if name in names:
            continue
        names.add(name)
        iban = inside.pop(draws.within(0, len(inside) - 1)).iban if i == 0 and inside else _outside_iban(home)
        new = i > 1 and draws.chance(0.35)
        added = add_days(b.clock.today, -draws.within(0, 4)) if new else long_ago
        _payee(
            home, name, iban, added, confirmed=not new or draws.chance(0.3), category=draws.pick(("other", "family"))
        )


def _due_days(home: _Home, first: str, frequency: str) -> tuple[list[str], str]:
    """Return the days of history on which something fell due, and the next one."""
    days = []
    while first <= home.b.clock.today:
        days.append(first)
        first = next_due(first, frequency)
    return days, first


def _entry(
    home: _Home, day: str, sides: tuple[Posting, ...], amount: int, counterparty: str, **details: str | int
) -> Entry:
    fields: dict[str, str | int] = {
        "type": "payment", "account_id": home.main, "other_id": "", "direction": "out", "fee": 0, "reference": "",
        "category": "other", "source_id": "", "value_date": day, **details,
    }  # fmt: skip
    return Entry(
        entry_id="", date=day, amount=amount, counterparty=counterparty, status="booked", postings=sides,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def _paid(home: _Home, day: str, payee: Payee, cents: int, *, reference: str, fee: int) -> None:
    """Remember a payment to a payee; ``fee`` goes to the bank unless the payee is a customer too."""
    day = on_business_day(day)
    if day > home.b.clock.today:
        return
    inside = home.b.by_iban.get(payee.iban, "")
    fee = 0 if inside else fee
    sides = [Posting(home.main, "EUR", -cents - fee), Posting(inside or "BANK:CLEARING", "EUR", cents)]
    if fee:
        sides.append(Posting("BANK:FEES", "EUR", fee))
    home.b.remember(_entry(
        home, day, tuple(sides), cents, payee.name, fee=fee, reference=reference, category=payee.category,
        source_id=payee.payee_id, other_id=inside, value_date=day if inside else business_day_after(day),
    ))  # fmt: skip


def _orders(home: _Home, tariff: Tariff) -> None:
    b, draws = home.b, home.b.draws
    known = [p for p in b.rows["payees"].values() if p.confirmed_on and p.confirmed_on <= home.start]
    texts = [("Rent {}".format(draws.pick(("flat 4", "May Street", "2nd floor", "apartment 11", "house"))), "rent")]
    texts += draws.sample(_ORDERS, min(draws.pick((0, 1, 2, 2)), len(known) - 1))
    for i, (reference, category) in enumerate(texts):
        payee = known[i]
        cents = draws.within(450, 1_650) * 100 if i == 0 else draws.price(1_500, 24_000)
        frequency = "monthly" if i == 0 or draws.chance(0.8) else draws.pick(("weekly", "quarterly"))
        days, following = _due_days(home, add_days(home.start, draws.within(0, 27)), frequency)
        b.rows["payees"][payee.payee_id] = payee = _with_category(payee, category)
        for day in days:
            _paid(home, day, payee, cents, reference=reference, fee=tariff.standard_fee)
        order_id = b.new_id("standing_orders")
        rests = i == _RESTING
        b.add("standing_orders", order_id, StandingOrder(
            order_id, home.main, payee.payee_id, cents, frequency, reference, following, "" if rests else following,
            "paused" if rests else "active", 0, "",
        ))  # fmt: skip
    for payee in draws.sample(known, draws.within(0, 2)):
        row_id = b.new_id("scheduled")
        due = business_day_after(b.clock.today, draws.within(1, 15))
        text = draws.pick(_NOTES).format(n=draws.within(100, 999))
        b.add("scheduled", row_id, Scheduled(
            row_id, home.main, payee.payee_id, draws.price(2_000, 40_000), text, due
        ))  # fmt: skip


def _with_category(payee: Payee, category: str) -> Payee:
    return Payee(payee.payee_id, payee.name, payee.iban, payee.bic, payee.bank, payee.nickname, payee.added_on,
                 payee.confirmed_on, category)  # fmt: skip


def _mandates(home: _Home, sizes: Sizes) -> None:
    b, draws = home.b, home.b.draws
    for bill in draws.sample(BILLS, draws.within(4, 5 + sizes.cards)):
        name, cents = company(bill, home.pool, draws), draws.price(bill.low, bill.high)
        mandate_id = b.new_id("mandates")
        first = add_days(home.start, draws.within(0, 27))
        days, following = _due_days(home, first, bill.frequency)
        for due in days:
            day = on_business_day(due)
            if day <= b.clock.today:
                sides = (Posting(home.main, "EUR", -cents), Posting("BANK:CLEARING", "EUR", cents))
                b.remember(_entry(
                    home, day, sides, cents, name, type="direct_debit", reference=bill.reference,
                    category=bill.category, source_id=mandate_id,
                ))  # fmt: skip
        b.add("mandates", mandate_id, Mandate(
            mandate_id, home.main, name, _outside_iban(home), bill.reference, cents, bill.frequency, following,
            "active", 0, bill.category,
        ))  # fmt: skip


def _card_entry(home: _Home, day: str, card: Card, name: str, cents: int, category: str) -> None:
    sides = (Posting(home.main, "EUR", -cents), Posting("BANK:CARDS", "EUR", cents))
    home.b.remember(Entry(
        "", day, day, "card", home.main, "", "out", cents, 0, name, "", category, "booked", card.card_id, sides
    ))  # fmt: skip
    if day[:7] == home.b.clock.today[:7]:
        spent = home.b.rows["cards"][card.card_id].spent + cents
        limit = max(card.limit, -(-spent // 50_000) * 50_000)
        home.b.rows["cards"][card.card_id] = Card(
            card.card_id, card.account_id, card.type, card.tail, card.status, limit, spent, day[:7], card.expires, ""
        )


def _subscriptions(home: _Home) -> None:
    b, draws = home.b, home.b.draws
    card = next(iter(b.rows["cards"].values()))
    for pattern in draws.sample(_STREAMS, draws.pick((1, 2, 2, 3, 3))):
        name, cents = shop(pattern, home.pool, draws), draws.within(3, 24) * 100 - 1
        days, following = _due_days(home, add_days(home.start, draws.within(0, 27)), "monthly")
        for due in days:
            day = on_business_day(due)
            if day <= b.clock.today:
                _card_entry(home, day, card, name, cents, "leisure")
        row_id = b.new_id("subscriptions")
        b.add("subscriptions", row_id, Subscription(row_id, card.card_id, name, cents, following, "leisure"))


def _income(home: _Home) -> None:
    b, draws = home.b, home.b.draws
    employer, cents = f"{draws.pick(home.pool.last)} {draws.pick(('GmbH', 'Ltd', 'BV', 'SA', 'Group'))}", 0
    cents = draws.within(2_100, 5_600) * 100
    days, _ = _due_days(home, add_days(home.start, draws.pick((0, 14, 24, 26))), "monthly")
    for due in days:
        day = on_business_day(due)
        if day <= b.clock.today:
            sides = (Posting("BANK:CLEARING", "EUR", -cents), Posting(home.main, "EUR", cents))
            b.remember(_entry(
                home, day, sides, cents, employer, type="credit", direction="in", reference="Salary", category="income",
            ))  # fmt: skip
        if draws.chance(0.6) and due < b.clock.today:
            put_by = draws.within(1, 8) * 5_000
            sides = (Posting(home.main, "EUR", -put_by), Posting(home.savings, "EUR", put_by))
            b.remember(_entry(
                home, add_days(due, 1), sides, put_by, b.rows["accounts"][home.savings].nickname, type="transfer",
                other_id=home.savings, category="transfers", reference="Savings",
            ))  # fmt: skip


def _shopping(home: _Home, count: int) -> None:
    b, draws = home.b, home.b.draws
    card = next(iter(b.rows["cards"].values()))
    favourites = [
        (shop(pattern, home.pool, draws), category, low, high)
        for pattern, category, low, high in draws.sample(SHOPS, 9)
    ]  # fmt: skip
    for _ in range(draws.within(count, count * 2)):
        name, category, low, high = draws.pick(favourites)
        if count > _MANY and draws.chance(0.04):  # now and then in a shop for the first time, and never again
            pattern, category, low, high = draws.pick(SHOPS)
            name = shop(pattern, home.pool, draws)
        day = _between(home)
        _card_entry(home, day, card, name, draws.price(low, high), category)


_MANY = 100  # card payments of somebody who has been to more shops than the favourite ones


def _between(home: _Home) -> str:
    """Return a day from the first of history to today."""
    draws, today = home.b.draws, home.b.clock.today
    days = draws.within(0, 31)
    day = home.days[draws.pick(home.months) + days]
    return day if day <= today else add_days(today, -draws.within(0, 20))


def _gifts(home: _Home, tariff: Tariff) -> None:
    b, draws = home.b, home.b.draws
    known = [p for p in b.rows["payees"].values() if p.confirmed_on and p.confirmed_on <= home.start]
    gifts = [(_between(home), payee) for payee in draws.sample(known[1:], draws.within(1, 4))]
    on_its_way = draws.pick([p for p in known if p.iban not in b.by_iban])  # has not reached the other bank yet
    for day, payee in [*gifts, (last_business_day(b.clock.today), on_its_way)]:
        text = draws.pick(_NOTES).format(n=draws.within(100, 999))
        _paid(home, day, payee, draws.price(1_000, 30_000), reference=text, fee=tariff.standard_fee)


def _loan(home: _Home, tariff: Tariff) -> None:
    b, draws = home.b, home.b.draws
    purpose, months = draws.pick(_PURPOSES), draws.pick((24, 36, 48, 60))
    principal = draws.within(10, 120) * 10_000
    owed = round(principal * draws.within(20, 95) / 100)
    account_id = b.open(b.clock.user, "loan", "EUR", f"{purpose.capitalize()} loan", -owed, floor=-principal)
    loan_id = b.new_id("loans")
    due = add_months(add_days(b.clock.today, draws.within(1, 27)), 0)
    b.add("loans", loan_id, Loan(
        loan_id, account_id, home.main, purpose, principal, tariff.loan_rate, months,
        instalment_of(principal, tariff.loan_rate, months), due, "running",
    ))  # fmt: skip


def _watch(home: _Home) -> None:
    b, draws = home.b, home.b.draws
    for account_id in draws.sample((home.main, home.savings), draws.pick((0, 1, 1, 2))):
        alert_id = b.new_id("alerts")
        direction = "below" if draws.chance(0.5) else "above"
        threshold = draws.within(1, 40) * 5_000
        b.add("alerts", alert_id, Alert(alert_id, account_id, direction, threshold, raised=False))
    bought = b.categories(b.clock.today[:7])  # people watch what they spend money on
    likely = sorted(draws.sample(_BUDGETED, len(_BUDGETED)), key=lambda category: category not in bought)
    for category in likely[: draws.within(1, 4)]:
        b.add("budgets", category, Budget(category, draws.within(4, 60) * 1_000))


def _inbox(home: _Home) -> None:
    b, draws = home.b, home.b.draws
    texts = (
        ("Terms", "Our terms change next quarter."), ("Security", "We never ask for your PIN by mail."),
        ("Opening hours", f"Our branch in {draws.pick(home.pool.town)} opens at nine."),
        ("Card news", "Your cards now work in more places."),
    )  # fmt: skip
    for subject, text in draws.sample(texts, draws.within(1, 3)):
        message_id = b.new_id("messages")
        b.add(
            "messages",
            message_id,
            Message(message_id, add_days(b.clock.today, -draws.within(1, 20)), subject, text, ""),
        )
