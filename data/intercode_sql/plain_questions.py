"""Templates of questions over one table."""

from collections.abc import Callable

from asker import (
    CHOICES,
    NUMBERS,
    ORDERED,
    Asker,
    Draft,
    NothingToAsk,
    both,
    direction,
    extreme,
    literal,
    shown,
    term,
)
from queries import COUNT, Condition, Query, Term


def count_rows(ask: Asker) -> Draft:
    """Ask how many rows a table has."""
    table = ask.table()
    return ask.draft("count_rows", Query((COUNT,), table.name), table)


def count_where(ask: Asker) -> Draft:
    """Ask how many rows pass a test."""
    table = ask.table()
    test, phrase = ask.test(table)
    query = Query((COUNT,), table.name, where=(test,))
    return ask.draft("count_where", query, table, test=phrase)


def pick(ask: Asker) -> Draft:
    """Ask for one column of the rows that pass a test."""
    table = ask.table("name")
    test, phrase = ask.test(table)
    query = Query((term(table, ask.name(table)),), table.name, where=(test,))
    return ask.draft("pick", query, table, test=phrase)


def look_up(ask: Asker) -> Draft:
    """Ask for one column of the row that has a name."""
    table = ask.table("name")
    name, column = ask.name(table), ask.column(table, (*ORDERED, *CHOICES), full=False)
    values = ask.world.values(table, name)
    value = ask.any([value for value in values if values.count(value) == 1])
    test = Condition(term(table, name), "=", literal(value, name))
    query = Query((term(table, column),), table.name, where=(test,))
    return ask.draft("look_up", query, table, noun=column.noun, value=value)


def pick_two(ask: Asker) -> Draft:
    """Ask for the name and one more column of the rows that pass a test."""
    table = ask.table("name")
    column = ask.column(table, (*ORDERED, *CHOICES))
    test, phrase = ask.test(table, column)
    select = (term(table, ask.name(table)), term(table, column))
    query = Query(select, table.name, where=(test,))
    return ask.draft("pick_two", query, table, test=phrase, noun=column.noun)


def pick_both(ask: Asker) -> Draft:
    """Ask for the names of the rows that pass two tests, or either of two."""
    table = ask.table("name")
    (first, one), (second, other) = ask.test(table), ask.test(table)
    if first.term == second.term:
        raise NothingToAsk
    either = ask.rng.random() < 0.4 and "!=" not in (first.operator, second.operator)
    select = (term(table, ask.name(table)),)
    query = Query(select, table.name, where=(first, second), either=either)
    phrase = both(one, other, "or" if either else "and")
    return ask.draft("pick", query, table, test=phrase)


def count_either(ask: Asker) -> Draft:
    """Ask how many rows hold one or the other of two choices."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    one, other = ask.rng.sample(sorted(set(ask.world.values(table, column))), 2)
    tests = tuple(
        Condition(term(table, column), "=", literal(value, column)) for value in (one, other)
    )
    query = Query((COUNT,), table.name, where=tests, either=True)
    phrase = f"either {column.holds.format(one)} or {column.holds.format(other)}"
    return ask.draft("count_where", query, table, test=phrase)


def pick_like(ask: Asker) -> Draft:
    """Ask for the names that hold a word."""
    table = ask.table("name")
    name = ask.name(table)
    words = ask.any(ask.world.values(table, name)).split()
    if ask.rng.random() < 0.5:
        word, pattern, phrase = words[0], f"'{words[0]}%'", "begins with"
    else:
        word, pattern, phrase = words[-1], f"'%{words[-1]}%'", "contains"
    if "'" in word:
        raise NothingToAsk
    here = term(table, name)
    query = Query((here,), table.name, where=(Condition(here, "LIKE", pattern),))
    return ask.draft("pick_like", query, table, word=word, phrase=phrase)


def summarise(ask: Asker) -> Draft:
    """Ask for one aggregate of a table's column."""
    table = ask.table()
    column, call, adjective = ask.aggregate(table)
    query = Query((call,), table.name)
    return ask.draft("summarise", query, table, noun=f"{adjective} {column.noun}")


def summarise_where(ask: Asker) -> Draft:
    """Ask for one aggregate over the rows that pass a test."""
    table = ask.table()
    column, call, adjective = ask.aggregate(table)
    test, phrase = ask.test(table, column)
    query = Query((call,), table.name, where=(test,))
    noun = f"{adjective} {column.noun}"
    return ask.draft("summarise_where", query, table, noun=noun, test=phrase)


def summarise_twice(ask: Asker) -> Draft:
    """Ask for the greatest and the least value of a column."""
    table = ask.table()
    column = ask.column(table, ORDERED, full=False)
    select = (term(table, column, "MAX"), term(table, column, "MIN"))
    noun = f"{column.span[0]} and the {column.span[1]} {column.noun}"
    if ask.rng.random() < 0.4:
        return ask.draft("summarise_twice", Query(select, table.name), table, noun=noun, test="")
    test, phrase = ask.test(table, column)
    query = Query(select, table.name, where=(test,))
    return ask.draft("summarise_twice", query, table, noun=noun, test=f" {phrase}")


def differing(ask: Asker) -> Draft:
    """Ask for the different values of a choice."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    query = Query((term(table, column),), table.name, distinct=True)
    return ask.draft("differing", query, table, noun=column.noun, nouns=column.plural)


def differing_where(ask: Asker) -> Draft:
    """Ask for the different values of a choice among the rows that pass a test."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    test, phrase = ask.test(table, column)
    query = Query((term(table, column),), table.name, distinct=True, where=(test,))
    fills = {"noun": column.noun, "nouns": column.plural, "test": phrase}
    return ask.draft("differing_where", query, table, **fills)


def count_differing(ask: Asker) -> Draft:
    """Ask how many different values a choice has."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    query = Query((term(table, column, "COUNT DISTINCT"),), table.name)
    return ask.draft("count_differing", query, table, nouns=column.plural)


def sort(ask: Asker) -> Draft:
    """Ask for the names of a table in the order of a column, and by name where that ties."""
    table = ask.table("name")
    name, column = term(table, ask.name(table)), ask.column(table, ORDERED)
    way, phrase = direction(ask, column)
    key = (term(table, column), way)
    tied = len(set(ask.world.values(table, column))) < table.size
    order = (key, (name, "ASC")) if tied else (key,)
    phrase += f", and by {ask.name(table).noun} where that is equal" if tied else ""
    query = Query((name,), table.name, order=order)
    return ask.draft("sort", query, table, noun=column.noun, way=phrase, test="")


def sort_where(ask: Asker) -> Draft:
    """Ask for names and a column of the rows that pass a test, in that column's order."""
    table = ask.table("name")
    column = ask.column(table, ORDERED)
    test, phrase = ask.test(table, column)
    way, words = direction(ask, column)
    select = (term(table, ask.name(table)), term(table, column))
    query = Query(select, table.name, where=(test,), order=((select[1], way),))
    return ask.draft("sort_where", query, table, test=phrase, noun=column.noun, way=words)


def sort_names(ask: Asker) -> Draft:
    """Ask for the names of the rows that pass a test, in alphabetical order."""
    table = ask.table("name")
    name = term(table, ask.name(table))
    test, phrase = ask.test(table)
    query = Query((name,), table.name, where=(test,), order=((name, "ASC"),))
    return ask.draft("sort_names", query, table, test=phrase)


def first(ask: Asker) -> Draft:
    """Ask for a column of the row at the head of an order."""
    table = ask.table("name")
    column = ask.column(table, ORDERED)
    way, phrase = extreme(ask, column)
    wanted = ask.any([c for c in table.columns if c.make in ("name", "name", "choice")])
    select = (term(table, wanted),)
    query = Query(select, table.name, order=((term(table, column), way),), limit=1)
    return ask.draft("first", query, table, top=phrase, noun=wanted.noun)


def first_where(ask: Asker) -> Draft:
    """Ask for the name of the row at the head of those that pass a test."""
    table = ask.table("name")
    column = ask.column(table, ORDERED)
    test, words = ask.test(table, column)
    way, phrase = extreme(ask, column)
    select: tuple[Term, ...] = (term(table, ask.name(table)),)
    order = ((term(table, column), way),)
    query = Query(select, table.name, where=(test,), order=order, limit=1)
    return ask.draft("first_where", query, table, top=phrase, test=words)


def first_few(ask: Asker) -> Draft:
    """Ask for the names, and the column, of the few rows at the head of an order."""
    table = ask.table("name")
    column = ask.column(table, ORDERED)
    number = ask.rng.choice((3, 4, 5))
    down = ask.rng.random() < 0.5
    select = (term(table, ask.name(table)), term(table, column))
    order = ((select[1], "DESC" if down else "ASC"),)
    query = Query(select, table.name, order=order, limit=number)
    end = column.span[0 if down else 1]
    words = {"number": ("three", "four", "five")[number - 3], "end": end, "nouns": column.plural}
    return ask.draft("first_few", query, table, **words, noun=column.noun)


def group_count(ask: Asker) -> Draft:
    """Ask how many rows every choice has, of all rows or of those that pass a test."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    here = term(table, column)
    if ask.rng.random() < 0.5:
        query = Query((here, COUNT), table.name, group=(here,))
        return ask.draft("group_count", query, table, noun=column.noun, test="")
    test, phrase = ask.test(table, column)
    query = Query((here, COUNT), table.name, where=(test,), group=(here,))
    return ask.draft("group_count", query, table, noun=column.noun, test=f" {phrase}")


def group_summary(ask: Asker) -> Draft:
    """Ask for an aggregate for every choice."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    number, call, adjective = ask.aggregate(table)
    here = term(table, column)
    query = Query((here, call), table.name, group=(here,))
    noun = f"{adjective} {number.noun}"
    return ask.draft("group_summary", query, table, noun=column.noun, summary=noun)


def group_summary_sorted(ask: Asker) -> Draft:
    """Ask for the choices and an aggregate, in its order, over the rows that pass a test."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    number, call, adjective = ask.aggregate(table)
    test, phrase = ask.test(table, column, number)
    here = term(table, column)
    way, words = direction(ask, number)
    query = Query((here, call), table.name, where=(test,), group=(here,), order=((call, way),))
    fills = {"noun": column.noun, "summary": f"{adjective} {number.noun}", "way": words}
    return ask.draft("group_summary_sorted", query, table, **fills, test=phrase)


def group_having(ask: Asker) -> Draft:
    """Ask for the choices that enough rows share."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    number, here = ask.rng.randint(2, 8), term(table, column)
    having = (Condition(COUNT, ">=", str(number)),)
    query = Query((here,), table.name, group=(here,), having=having)
    fills = {"noun": column.noun, "nouns": column.plural, "number": number}
    return ask.draft("group_having", query, table, **fills)


def group_having_average(ask: Asker) -> Draft:
    """Ask for the choices whose average of a column is above a number."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    number = ask.column(table, NUMBERS, full=False)
    limit, here = ask.limit(table, number), term(table, column)
    having = (Condition(term(table, number, "AVG"), ">", literal(limit, number)),)
    query = Query((here,), table.name, group=(here,), having=having)
    fills = {"nouns": column.plural, "number": number.noun, "limit": shown(limit)}
    return ask.draft("group_having_average", query, table, **fills)


def group_first(ask: Asker) -> Draft:
    """Ask for the choice that most rows, or fewest, have."""
    table = ask.table("choice")
    column = ask.column(table, CHOICES)
    here = term(table, column)
    way, most = ask.rng.choice((("DESC", "most"), ("DESC", "most"), ("ASC", "least")))
    query = Query((here,), table.name, group=(here,), order=((COUNT, way),), limit=1)
    return ask.draft("group_first", query, table, noun=column.noun, most=most)


def above_average(ask: Asker) -> Draft:
    """Ask which rows are above, or below, the average of a column, or how many are."""
    table = ask.table("name")
    column = ask.column(table, NUMBERS, full=False)
    select = COUNT if ask.rng.random() < 0.3 else term(table, ask.name(table))
    sign, side = ask.rng.choice(((">", "above"), ("<", "below")))
    nested = Query((term(table, column, "AVG"),), table.name)
    tests = [Condition(term(table, column), sign, nested)]
    phrase = f"whose {column.noun} is {side} the average of all {table.many}"
    if ask.rng.random() < 0.6:
        test, words = ask.test(table, column)
        tests.append(test)
        phrase = both(words, phrase)
    query = Query((select,), table.name, where=tuple(tests))
    return ask.draft("count_where" if select is COUNT else "pick", query, table, test=phrase)


def at_extreme(ask: Asker) -> Draft:
    """Ask for the names of all rows that share the greatest or the least value of a column."""
    table = ask.table("name")
    column = ask.column(table, ORDERED)
    call = ask.rng.choice(("MAX", "MIN"))
    nested = Query((term(table, column, call),), table.name)
    test = Condition(term(table, column), "=", nested)
    end = column.span[call == "MIN"]
    query = Query((term(table, ask.name(table)),), table.name, where=(test,))
    return ask.draft("at_extreme", query, table, end=end, noun=column.noun)


def beyond_group(ask: Asker) -> Draft:
    """Ask which rows lie beyond an end of a column's values among those of a choice."""
    table = ask.table("name", "choice")
    column = ask.column(table, ORDERED, full=False)
    choice = ask.column(table, CHOICES)
    value = ask.any(ask.world.values(table, choice))
    call, sign = ask.rng.choice((("MAX", ">"), ("MIN", "<"), ("MIN", ">"), ("MAX", "<")))
    inner = Condition(term(table, choice), "=", literal(value, choice))
    nested = Query((term(table, column, call),), table.name, where=(inner,))
    over = {"number": ("above", "below")}.get(column.make, ("later than", "earlier than"))
    side, end = over[sign == "<"], column.span[call == "MIN"]
    group = f"the {table.many} {choice.holds.format(value)}"
    phrase = f"whose {column.noun} is {side} the {end} among {group}"
    outer = Condition(term(table, column), sign, nested)
    query = Query((term(table, ask.name(table)),), table.name, where=(outer,))
    return ask.draft("pick", query, table, test=phrase)


TEMPLATES: list[Callable[[Asker], Draft]] = [
    count_rows,
    count_where,
    pick,
    look_up,
    pick_two,
    pick_both,
    count_either,
    pick_like,
    summarise,
    summarise_where,
    summarise_twice,
    differing,
    differing_where,
    count_differing,
    sort,
    sort_where,
    sort_names,
    first,
    first_where,
    first_few,
    group_count,
    group_summary,
    group_summary_sorted,
    group_having,
    group_having_average,
    group_first,
    above_average,
    at_extreme,
    beyond_group,
]
