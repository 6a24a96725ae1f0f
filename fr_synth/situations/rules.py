"""Values that a situation works out: a closed list of rules, one function each.

A rule stands under its name with its operand; what else it needs stands beside it:

======================  ================================================  =====================================
rule                    operand                                           beside it
======================  ================================================  =====================================
raise, lower            path to a number                                  percent: [low, high]; round: step
between                 [low, high]                                       round: step
pick                    list of values
sum, difference         list of paths to numbers
product                 list of paths or numbers
inside, beside          [path to a folder, path to a name]: the       (beside: in the folder of a file)
                        name's own path there
containing, ending_in   [path to a word]: the pattern of such names
count                   path to a list
total                   path to a list                                    member: of each row; where: which rows
converted               [path to an amount, path to a rate]               (rounded to cents)
figure                  [path to a text]                                  (the last number in it)
row, phrase, lines      list of paths                                     (a line of commas, words, whole lines)
table                   path to a list                                    columns: members; head: path to a first line;
                                                                          where, most: which rows and how many
first_of_month_after    path to a date
days_after              path to a date                                    days: [low, high]
text                    a wording                                         (places filled as they stand)
part                    path to a text                                    take: name, folder, stem, first, last,
                                                                           rest (all but the first), month, ending,
                                                                           key or item (first or second of a line of
                                                                           commas)
suggest                 tool.parameter that the world suggests values for
======================  ================================================  =====================================
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches, resolved
from fr_envs.situation.templates import Fill, parse
from fr_envs.streams import pick
from fr_synth.situations.scope import MissingPathError, Scope, Worked
from fr_synth.trace.dataflow.derive import EXPRESSIONS, DerivationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.sample.walk import Walk

__all__ = ["RULES", "work_out"]


def work_out(rule: JsonObject, scope: Scope, walk: Walk) -> Worked | None:
    """Return the value of a rule; None where it has none in this world.

    Args:
        rule: The rule.
        scope: What it can speak of.
        walk: Where the dialogue stands, for what the world suggests and for chance.
    """
    name = next(name for name in rule if name in RULES)
    try:
        return RULES[name](rule, scope, walk)
    except (MissingPathError, DerivationError, ArithmeticError, TypeError, ValueError):
        return None


def _stepped(value: Decimal, rule: JsonObject) -> Json:
    step = Decimal(str(rule.get("round", "0.01")))
    rounded = (value / step).quantize(Decimal(1)) * step
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _drawn(low: float, high: float, rng: np.random.Generator) -> Decimal:
    return Decimal(str(low)) + (Decimal(str(high)) - Decimal(str(low))) * Decimal(int(rng.integers(0, 1001))) / 1000


def _changed(rule: JsonObject, scope: Scope, walk: Walk, sign: int) -> Worked | None:
    before = Decimal(str(scope.value(rule["raise" if sign > 0 else "lower"])))
    low, high = rule.get("percent", [3, 8])
    percent = _drawn(low, high, walk.rng)
    value = _stepped(before * (100 + sign * percent) / 100, rule)
    return None if value == before or value <= 0 else Worked(value)


def _between(rule: JsonObject, _scope: Scope, walk: Walk) -> Worked:
    low, high = rule["between"]
    return Worked(_stepped(_drawn(low, high, walk.rng), {"round": 1, **rule}))


def _pick(rule: JsonObject, _scope: Scope, walk: Walk) -> Worked:
    return Worked(pick(walk.rng, rule["pick"]))


def _expression(name: str) -> Callable[[JsonObject, Scope, Walk], Worked]:
    def rule_of(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked:
        paths = tuple(str(each) for each in rule[name])
        return Worked(EXPRESSIONS[name](*(scope.value(path) for path in paths)), name, paths)

    return rule_of


def _product(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked:
    parts = [scope.value(each) if isinstance(each, str) else each for each in rule["product"]]
    return Worked(EXPRESSIONS["product"](*parts))


def _count(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked:
    return Worked(len(scope.value(rule["count"])), "count", (rule["count"],))


def _table(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked | None:
    """Return the rows of a list as lines of commas, a first line before them where one is given."""
    rows, where = scope.value(rule["table"]), resolved(rule.get("where", {}), scope.get)
    numbers = [k for k, row in enumerate(rows) if matches(where, row)]
    if not numbers or len(numbers) > rule.get("most", _LONGEST):
        return None
    made: list[str | Worked] = [rule["head"]] if "head" in rule else []
    for k in numbers:
        paths = tuple(f"{rule['table']}.{k}.{member}" for member in rule["columns"])
        made.append(Worked(EXPRESSIONS["row"](*map(scope.value, paths)), "row", paths))
    values = [scope.value(each) if isinstance(each, str) else each.value for each in made]
    return Worked(EXPRESSIONS["lines"](*values), "lines", tuple(made))


_LONGEST = 40  # rows of a table that is written down


def _total(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked | None:
    rows, where = scope.value(rule["total"]), resolved(rule.get("where", {}), scope.get)
    paths = tuple(f"{rule['total']}.{k}.{rule['member']}" for k, row in enumerate(rows) if matches(where, row))
    return Worked(EXPRESSIONS["sum"](*map(scope.value, paths)), "sum", paths) if paths else None


def _first_of_month_after(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked:
    path = rule["first_of_month_after"]
    return Worked(EXPRESSIONS["first_of_month_after"](scope.value(path)), "first_of_month_after", (path,))


def _days_after(rule: JsonObject, scope: Scope, walk: Walk) -> Worked:
    low, high = rule.get("days", [1, 1])
    day = datetime.date.fromisoformat(str(scope.value(rule["days_after"]))[:10])
    return Worked((day + datetime.timedelta(days=int(walk.rng.integers(low, high + 1)))).isoformat())


def _text(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked:
    parts = parse(rule["text"])
    return Worked("".join(str(scope.value(p.path)) if isinstance(p, Fill) else str(p) for p in parts))


_TAKES: Mapping[str, Callable[[str], str]] = {
    "name": lambda text: text.rstrip("/").rpartition("/")[2],
    "folder": lambda text: text.rstrip("/").rpartition("/")[0] or "/",
    "stem": lambda text: text.rpartition("/")[2].partition(".")[0],
    "first": lambda text: text.split()[0],
    "last": lambda text: text.split()[-1],
    "rest": lambda text: text.partition(" ")[2],
    "month": lambda text: text[:7],
    "ending": lambda text: text[-4:],
    "key": lambda text: text.split(",")[0],
    "item": lambda text: text.split(",")[1],
}


def _part(rule: JsonObject, scope: Scope, _walk: Walk) -> Worked | None:
    value = scope.value(rule["part"])
    return Worked(_TAKES[rule["take"]](value)) if isinstance(value, str) and value.strip() else None


def _suggest(rule: JsonObject, _scope: Scope, walk: Walk) -> Worked | None:
    tool, _, parameter = rule["suggest"].partition(".")
    value = walk.domain.suggest(walk.state, tool, parameter, {}, walk.rng)
    return None if value is None else Worked(value)


RULES: Mapping[str, Callable[[JsonObject, Scope, Walk], Worked | None]] = {
    "raise": lambda rule, scope, walk: _changed(rule, scope, walk, 1),
    "lower": lambda rule, scope, walk: _changed(rule, scope, walk, -1),
    "between": _between,
    "pick": _pick,
    "sum": _expression("sum"),
    "difference": _expression("difference"),
    "product": _product,
    "inside": _expression("inside"),
    "beside": _expression("beside"),
    "containing": _expression("containing"),
    "ending_in": _expression("ending_in"),
    "count": _count,
    "row": _expression("row"),
    "phrase": _expression("phrase"),
    "lines": _expression("lines"),
    "table": _table,
    "total": _total,
    "converted": _expression("converted"),
    "figure": _expression("figure"),
    "first_of_month_after": _first_of_month_after,
    "days_after": _days_after,
    "text": _text,
    "part": _part,
    "suggest": _suggest,
}
"""Every rule by name."""
