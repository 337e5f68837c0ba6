"""Templates of questions over two or three tables that foreign keys tie together."""

from collections.abc import Callable

from asker import NUMBERS, ORDERED, Asker, Draft, NothingToAsk, direction, extreme, placed, term
from queries import COUNT, Column, Condition, Link, Query, Table, Term


def fills_of(link: Link) -> dict[str, object]:
    """Give the words for a link's two sides."""
    child, parent = link.child, link.parent
    fills: dict[str, object] = {"child": child.one, "children": child.many}
    return fills | {"by": link.column.by, "parent": parent.one, "parents": parent.many}


def key_of(table: Table) -> Term:
    """Name a table's key."""
    return Term(table.name, table.key[0])


def near_and_far(ask: Asker) -> tuple[Link, Link]:
    """Draw two links that follow one another: from a child to a parent, and on to its parent."""
    links = ask.world.links()
    return ask.any([(a, b) for a in links for b in links if a.parent == b.child])


def pick_linked(ask: Asker) -> Draft:
    """Ask for the names of the children of the parents that pass a test."""
    link = ask.link(named=True)
    test, phrase = ask.parent_test(link)
    select = (term(link.child, ask.name(link.child)),)
    query = Query(select, link.child.name, (link,), where=(test,))
    return ask.draft("pick", query, link.child, test=phrase)


def count_linked(ask: Asker) -> Draft:
    """Ask how many children the parents that pass a test have."""
    link = ask.link()
    test, phrase = ask.parent_test(link)
    query = Query((COUNT,), link.child.name, (link,), where=(test,))
    return ask.draft("count_where", query, link.child, test=phrase)


def pick_linked_both(ask: Asker) -> Draft:
    """Ask for the names of the children that pass one test and whose parents pass another."""
    link = ask.link(named=True)
    (far, place), (near, phrase) = ask.parent_test(link), ask.test(link.child)
    select = (term(link.child, ask.name(link.child)),)
    query = Query(select, link.child.name, (link,), where=(near, far))
    return ask.draft("pick_many", query, link.child, test=placed(phrase, place))


def summarise_linked(ask: Asker) -> Draft:
    """Ask for an aggregate over the children of the parents that pass a test."""
    link = ask.link()
    column, call, adjective = ask.aggregate(link.child)
    test, phrase = ask.parent_test(link)
    query = Query((call,), link.child.name, (link,), where=(test,))
    noun = f"{adjective} {column.noun}"
    return ask.draft("summarise_where", query, link.child, noun=noun, test=phrase)


def pick_with_parent(ask: Asker) -> Draft:
    """Ask for the names of the children that pass a test, each with its parent's name."""
    link = ask.link(named=True)
    test, phrase = ask.test(link.child)
    select = (term(link.child, ask.name(link.child)), term(link.parent, ask.name(link.parent)))
    query = Query(select, link.child.name, (link,), where=(test,))
    fills = {**fills_of(link), "test": phrase, "far": ask.name(link.parent).noun}
    return ask.draft("pick_with_parent", query, link.child, **fills)


def sort_linked(ask: Asker) -> Draft:
    """Ask for the children of the parents that pass a test, in the order of a column."""
    link = ask.link(named=True)
    test, phrase = ask.parent_test(link)
    column = ask.column(link.child, ORDERED)
    way, words = direction(ask, column)
    select = (term(link.child, ask.name(link.child)),)
    order = ((term(link.child, column), way),)
    query = Query(select, link.child.name, (link,), where=(test,), order=order)
    return ask.draft("sort", query, link.child, noun=column.noun, way=words, test=f" {phrase}")


def first_linked(ask: Asker) -> Draft:
    """Ask for the name of the child at the head of those of the parents that pass a test."""
    link = ask.link(named=True)
    test, words = ask.parent_test(link)
    column = ask.column(link.child, ORDERED)
    way, phrase = extreme(ask, column)
    select = (term(link.child, ask.name(link.child)),)
    order = ((term(link.child, column), way),)
    query = Query(select, link.child.name, (link,), where=(test,), order=order, limit=1)
    return ask.draft("first_where", query, link.child, top=phrase, test=words)


def parent_of_first(ask: Asker) -> Draft:
    """Ask for the name of the parent of the child at the head of an order."""
    link = ask.link()
    column = ask.column(link.child, ORDERED)
    way, phrase = extreme(ask, column)
    select = (term(link.parent, ask.name(link.parent)),)
    order = ((term(link.child, column), way),)
    query = Query(select, link.child.name, (link,), order=order, limit=1)
    return ask.draft("parent_of_first", query, link.parent, **fills_of(link), top=phrase)


def parents_of(ask: Asker) -> Draft:
    """Ask for the different names of the parents that have a child that passes a test."""
    link = ask.link()
    test, phrase = ask.test(link.child)
    select = (term(link.parent, ask.name(link.parent)),)
    query = Query(select, link.parent.name, (link,), distinct=True, where=(test,))
    return ask.draft("parents_of", query, link.parent, **fills_of(link), test=phrase)


def parents_within(ask: Asker) -> Draft:
    """Ask for the names of the parents that pass a test and have, or have not, such a child."""
    link = ask.link()
    test, phrase = ask.test(link.child)
    own, words = ask.test(link.parent)
    holder = Term(link.child.name, link.column.name)
    nested = Query((holder,), link.child.name, where=(test,))
    select = (term(link.parent, ask.name(link.parent)),)
    where = (own, Condition(key_of(link.parent), "IN", nested))
    query = Query(select, link.parent.name, where=where)
    fills = {**fills_of(link), "own": words, "test": phrase}
    return ask.draft("parents_within", query, link.parent, **fills)


def without(ask: Asker, link: Link, tests: tuple[Condition, ...]) -> Condition:
    """Make the test that a parent has no child that passes some tests."""
    holder = Term(link.child.name, link.column.name)
    if link.column.nulls:
        tests = (*tests, Condition(holder, "IS NOT NULL"))
    return Condition(key_of(link.parent), "NOT IN", Query((holder,), link.child.name, where=tests))


def childless(ask: Asker) -> Draft:
    """Ask for the names of the parents without any child."""
    link = ask.link()
    select = (term(link.parent, ask.name(link.parent)),)
    query = Query(select, link.parent.name, where=(without(ask, link, ()),))
    return ask.draft("childless", query, link.parent, **fills_of(link))


def count_childless(ask: Asker) -> Draft:
    """Ask how many parents have no child."""
    link = ask.link()
    query = Query((COUNT,), link.parent.name, where=(without(ask, link, ()),))
    return ask.draft("count_childless", query, link.parent, **fills_of(link))


def childless_two(ask: Asker) -> Draft:
    """Ask for the name, and one more column, of the parents without a child that passes a test."""
    link = ask.link()
    test, phrase = ask.test(link.child)
    column = ask.column(link.parent, ("number", "year", "date", "choice"))
    select = (term(link.parent, ask.name(link.parent)), term(link.parent, column))
    query = Query(select, link.parent.name, where=(without(ask, link, (test,)),))
    fills = {**fills_of(link), "test": phrase, "noun": column.noun}
    return ask.draft("childless_two", query, link.parent, **fills)


def tally(ask: Asker) -> Draft:
    """Ask for the parents' names, each with the number of its children."""
    link = ask.link()
    select = (term(link.parent, ask.name(link.parent)), COUNT)
    group = (key_of(link.parent),)
    query = Query(select, link.parent.name, (link,), group=group)
    return ask.draft("tally", query, link.parent, **fills_of(link))


def tally_first(ask: Asker) -> Draft:
    """Ask for the parent that has most children, of all or of those that pass a test."""
    link = ask.link()
    select = (term(link.parent, ask.name(link.parent)),)
    group, order = (key_of(link.parent),), ((COUNT, "DESC"),)
    tests: tuple[Condition, ...] = ()
    phrase = ""
    if ask.rng.random() < 0.4:
        test, words = ask.test(link.child)
        tests, phrase = (test,), f" {words}"
    query = Query(select, link.parent.name, (link,), where=tests, group=group, order=order, limit=1)
    return ask.draft("tally_first", query, link.parent, **fills_of(link), test=phrase)


def tally_having(ask: Asker) -> Draft:
    """Ask for the names of the parents that have enough children."""
    link = ask.link()
    number = ask.rng.randint(2, 5)
    having = (Condition(COUNT, ">=", str(number)),)
    select, group = (term(link.parent, ask.name(link.parent)),), (key_of(link.parent),)
    query = Query(select, link.parent.name, (link,), group=group, having=having)
    return ask.draft("tally_having", query, link.parent, **fills_of(link), number=number)


def summary_of_children(ask: Asker) -> tuple[Link, Column, Term, str]:
    """Draw a link, and an aggregate of its children."""
    link = ask.link()
    column, call, adjective = ask.aggregate(link.child)
    return link, column, call, f"{adjective} {column.noun}"


def group_linked(ask: Asker) -> Draft:
    """Ask for the parents' names, each with an aggregate of its children."""
    link, _, call, noun = summary_of_children(ask)
    select, group = (term(link.parent, ask.name(link.parent)), call), (key_of(link.parent),)
    query = Query(select, link.parent.name, (link,), group=group)
    return ask.draft("group_linked", query, link.parent, **fills_of(link), summary=noun)


def group_linked_first(ask: Asker) -> Draft:
    """Ask for the name of the parent whose children have the greatest or the least aggregate."""
    link, column, call, noun = summary_of_children(ask)
    if call.call not in ("AVG", "SUM"):
        raise NothingToAsk
    way = "DESC" if call.call == "SUM" else ask.rng.choice(("DESC", "ASC"))
    select, group = (term(link.parent, ask.name(link.parent)),), (key_of(link.parent),)
    query = Query(select, link.parent.name, (link,), group=group, order=((call, way),), limit=1)
    fills = {**fills_of(link), "summary": noun, "end": column.span[way == "ASC"]}
    return ask.draft("group_linked_first", query, link.parent, **fills)


def choices_with_children(ask: Asker, link: Link, column: Column) -> set[object]:
    """Give the choices of the parents that have a child."""
    holders = set(ask.world.values(link.child, link.column))
    key, place = link.parent.place(link.parent.key[0]), link.parent.place(column.name)
    return {row[place] for row in ask.world.rows[link.parent.name] if row[key] in holders}


def group_linked_choice(ask: Asker) -> Draft:
    """Ask how many children there are for every choice of their parents."""
    link = ask.link()
    column = ask.column(link.parent, ("choice",))
    if choices_with_children(ask, link, column) != set(ask.world.values(link.parent, column)):
        raise NothingToAsk
    here = term(link.parent, column)
    query = Query((here, COUNT), link.child.name, (link,), group=(here,))
    return ask.draft("group_linked_choice", query, link.parent, **fills_of(link), noun=column.noun)


def choice_of_most(ask: Asker) -> Draft:
    """Ask which choice the parents have that together have most children."""
    link = ask.link()
    here = term(link.parent, ask.column(link.parent, ("choice",)))
    order = ((COUNT, "DESC"),)
    query = Query((here,), link.child.name, (link,), group=(here,), order=order, limit=1)
    noun = link.parent.column(here.column).noun
    return ask.draft("choice_of_most", query, link.parent, **fills_of(link), noun=noun)


def tally_few(ask: Asker) -> Draft:
    """Ask for the few parents that have most children, with how many."""
    link = ask.link()
    number = ask.rng.choice((2, 3))
    select, group = (term(link.parent, ask.name(link.parent)), COUNT), (key_of(link.parent),)
    order = ((COUNT, "DESC"),)
    query = Query(select, link.parent.name, (link,), group=group, order=order, limit=number)
    fills = {**fills_of(link), "number": ("two", "three")[number - 2]}
    return ask.draft("tally_few", query, link.parent, **fills)


def count_parents(ask: Asker) -> Draft:
    """Ask how many different parents have a child that passes a test."""
    link = ask.link()
    test, phrase = ask.test(link.child)
    select = (term(link.child, link.column, "COUNT DISTINCT"),)
    query = Query(select, link.child.name, where=(test,))
    return ask.draft("count_parents", query, link.parent, **fills_of(link), test=phrase)


def shared_parents(ask: Asker) -> Draft:
    """Ask for the children of the parents that have enough children."""
    link = ask.link(named=True)
    number = ask.rng.randint(2, 6)
    holder = term(link.child, link.column)
    having = (Condition(COUNT, ">=", str(number)),)
    nested = Query((holder,), link.child.name, group=(holder,), having=having)
    where = (Condition(holder, "IN", nested),)
    query = Query((term(link.child, ask.name(link.child)),), link.child.name, where=where)
    return ask.draft("shared_parents", query, link.child, **fills_of(link), number=number)


def above_average_linked(ask: Asker) -> Draft:
    """Ask for the names of the children above the average, of the parents that pass a test."""
    link = ask.link(named=True)
    column = ask.column(link.child, NUMBERS, full=False)
    test, place = ask.parent_test(link)
    nested = Query((term(link.child, column, "AVG"),), link.child.name)
    where = (test, Condition(term(link.child, column), ">", nested))
    select = (term(link.child, ask.name(link.child)),)
    query = Query(select, link.child.name, (link,), where=where)
    phrase = f"whose {column.noun} is above the average of all {link.child.many}"
    return ask.draft("pick_many", query, link.child, test=placed(phrase, place))


def pick_far(ask: Asker) -> Draft:
    """Ask for the names, or the number, of the children of the children of what passes a test."""
    near, far = near_and_far(ask)
    test, phrase = ask.parent_test(far)
    phrase = f"{near.column.by} {near.parent.many} {phrase}"
    named = any(column.make == "name" for column in near.child.columns)
    select = term(near.child, ask.name(near.child)) if named else COUNT
    query = Query((select,), near.child.name, (near, far), where=(test,))
    return ask.draft("pick" if named else "count_where", query, near.child, test=phrase)


def across(ask: Asker) -> Draft:
    """Ask for the different parents that a child ties to another parent that passes a test."""
    links = ask.world.links()
    link = ask.link()
    other = ask.any([o for o in links if o.child == link.child and o.parent != link.parent])
    test, phrase = ask.parent_test(other)
    select = (term(link.parent, ask.name(link.parent)),)
    query = Query(select, link.parent.name, (link, other), distinct=True, where=(test,))
    return ask.draft("parents_of", query, link.parent, **fills_of(link), test=phrase)


TEMPLATES: list[Callable[[Asker], Draft]] = [
    pick_linked,
    count_linked,
    pick_linked_both,
    summarise_linked,
    pick_with_parent,
    sort_linked,
    first_linked,
    parent_of_first,
    parents_of,
    parents_within,
    childless,
    count_childless,
    childless_two,
    tally,
    tally_first,
    tally_having,
    group_linked,
    group_linked_first,
    group_linked_choice,
    choice_of_most,
    tally_few,
    count_parents,
    shared_parents,
    above_average_linked,
    pick_far,
    across,
]
