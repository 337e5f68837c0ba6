"""The invented land behind the encyclopedia: its entities and the facts that hold between them."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

SEED = 20_250_301
COUPLES = 34
OCCUPATIONS = {
    "novelist": 1800,
    "playwright": 1800,
    "composer": 1800,
    "singer": 1800,
    "painter": 1800,
    "engineer": 1800,
    "explorer": 1800,
    "general": 1800,
    "merchant": 1800,
    "scholar": 1800,
    "film-maker": 1874,
    "actor": 1868,
}


@dataclass(eq=False)
class Entity:
    """One thing of the land; `since` and `until` are the years it came to be and ended."""

    kind: str
    name: str
    number: int
    since: int = 0
    until: int = 9999
    facts: "dict[str, Entity | str]" = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    title: str = ""
    woman: bool = False

    def names(self) -> list[str]:
        """Give the name and all other names."""
        return [self.name, *self.aliases]

    def of(self, relation: str) -> "Entity":
        """Give the entity a relation leads to."""
        value = self.facts[relation]
        assert isinstance(value, Entity), f"{self.name} has a plain {relation}"
        return value

    def lives(self, year: int, *, grown: int = 22) -> bool:
        """Tell whether a person is of age and still alive in a year."""
        return self.since + grown <= year <= self.until - 1


class World:
    """The entities of the land, in the order in which they were made."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words
        self.rng = random.Random(f"{SEED} world")
        self.entities: list[Entity] = []
        self.kinds: defaultdict[str, list[Entity]] = defaultdict(list)
        self.uses: Counter[int] = Counter()

    def add(self, kind: str, name: str, since: int = 0, until: int = 9999) -> Entity:
        """Add an entity."""
        entity = Entity(kind, name, len(self.entities), since, until)
        self.entities.append(entity)
        self.kinds[kind].append(entity)
        return entity

    def pick(self, kind: str, suits: Callable[[Entity], bool] = lambda _: True) -> Entity:
        """Choose among the least used entities of a kind that suit."""
        fitting = [entity for entity in self.kinds[kind] if suits(entity)]
        assert fitting, f"no {kind} suits"
        fewest = min(self.uses[entity.number] for entity in fitting)
        chosen = self.rng.choice([e for e in fitting if self.uses[e.number] <= fewest + 1])
        self.uses[chosen.number] += 1
        return chosen

    def person(self, year: int, *occupations: str, besides: Entity | None = None) -> Entity:
        """Choose a person who works in a year, of one of the occupations if any is given."""
        return self.pick(
            "person",
            lambda e: (
                e.lives(year)
                and e is not besides
                and (not occupations or e.facts["occupation"] in occupations)
            ),
        )

    def worker(self, low: int, high: int, *occupations: str) -> tuple[Entity, int]:
        """Choose a person of one of the occupations, and a year in a span when they work."""
        person = self.pick(
            "person",
            lambda e: (
                e.facts["occupation"] in occupations
                and max(low, e.since + 22) <= min(high, e.until - 1)
            ),
        )
        return person, self.rng.randint(max(low, person.since + 22), min(high, person.until - 1))

    def shuffled(self, pool: str) -> list[str]:
        """Give the words of a pool in a shuffled order."""
        words: list[str] = self.words[pool]
        return self.rng.sample(words, len(words))


def with_articles(text: str) -> str:
    """Write "an" for "a" before a vowel."""
    return re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)


def make_land(world: World) -> None:
    """Make regions, waters, mountains, islands and towns."""
    rng, words = world.rng, world.words
    for name in words["seas"]:
        world.add("sea", name)
    for place, name in enumerate(words["regions"]):
        region = world.add("region", name)
        region.facts["language"] = words["languages"][place % len(words["languages"])]
    for kind, pool, relation, low, high in (
        ("mountain", "mountains", "height", 610, 2890),
        ("lake", "lakes", "depth", 18, 240),
        ("river", "rivers", "length", 48, 690),
        ("island", "islands", "area", 11, 480),
    ):
        sizes = rng.sample(range(low, high), len(words[pool]))
        for name, size in zip(world.shuffled(pool), sizes, strict=True):
            entity = world.add(kind, name)
            entity.facts[relation] = str(size)
            if kind == "island":
                entity.facts["waters"] = world.pick("sea")
            else:
                entity.facts["region"] = world.pick("region")
    rename_waters(world)
    for river in world.kinds["river"]:
        river.facts["spring"] = world.pick("mountain")
        river.facts["mouth"] = world.pick("sea" if rng.random() < 0.4 else "lake")
    for name in world.shuffled("towns"):
        town = world.add("town", name, rng.randint(1090, 1690))
        town.facts["river"] = river = world.pick("river")
        town.facts["region"] = river.facts["region"]
        town.facts["charter"] = str(town.since)


def rename_waters(world: World) -> None:
    """Give rivers, lakes and some islands the names of their kind, the bare one as an alias."""
    for kind, pattern, other in (
        ("river", "River {0}", "{0} River"),
        ("lake", "Lake {0}", "{0} Lake"),
        ("island", "Isle of {0}", "{0} Island"),
    ):
        for entity in world.kinds[kind]:
            bare = entity.name
            entity.name = pattern.format(bare)
            entity.aliases = [other.format(bare)] if kind == "island" else [bare]


def make_families(world: World) -> None:
    """Make three generations of people, by marriages within the first two."""
    rng = world.rng
    surnames = iter(world.shuffled("surnames"))
    taken: set[str] = set()
    couples = []
    for _ in range(COUPLES):
        year = rng.randint(1815, 1858)
        pair = []
        for woman in (False, True):
            surname = next(surnames, None) or rng.choice(world.words["surnames"])
            pair.append(make_person(world, surname, woman, year + rng.randint(-3, 4), taken))
        couples.append((pair[0], pair[1]))
    for _ in range(2):
        children = [child for man, wife in couples for child in marry(world, man, wife, taken)]
        couples = list(match(rng, children))
    for man, wife in couples:
        wed(world, man, wife)
    for person in world.kinds["person"]:
        person.until = max(person.until, min(person.since + rng.randint(51, 88), 2014))
        give_dates(person, rng, world.words["months"])
    for number, person in enumerate(world.kinds["person"]):
        give_occupation(person, rng)
        if number % 4 == 1:
            person.aliases = [make_other_name(person, world, taken)]
            person.facts["aka"] = person.aliases[0]
    give_initials(world)


def make_person(world: World, surname: str, woman: bool, year: int, taken: set[str]) -> Entity:
    """Make a person of an unused name."""
    first = world.words["women" if woman else "men"]
    names = [name for given in first if (name := f"{given} {surname}") not in taken]
    person = world.add("person", world.rng.choice(names), year, 0)
    person.woman = woman
    taken.add(person.name)
    return person


def wed(world: World, man: Entity, wife: Entity) -> int:
    """Marry two people, and give the year."""
    year = max(man.since, wife.since) + world.rng.randint(20, 25)
    for one, other in ((man, wife), (wife, man)):
        one.facts.update(spouse=other, married=str(year))
        one.until = max(one.until, year + 2)
    return year


def marry(world: World, man: Entity, wife: Entity, taken: set[str]) -> list[Entity]:
    """Marry two people and give them two children, now and then one named after a grandfather."""
    rng = world.rng
    year = wed(world, man, wife)
    children = []
    surname = man.name.split(" ", 1)[1]
    for _ in range(2):
        year += rng.randint(1, 5)
        grandfather = man.facts.get("father")
        child = make_person(world, surname, rng.random() < 0.5, year, taken)
        if isinstance(grandfather, Entity) and not child.woman and rng.random() < 0.3:
            child.name = grandfather.name
        child.facts.update(father=man, mother=wife)
        man.until, wife.until = max(man.until, year + 1), max(wife.until, year + 1)
        children.append(child)
    return children


def match(rng: random.Random, people: list[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Pair men and women of nearly the same age and of different families."""
    women = [person for person in people if person.woman]
    for man in people:
        fitting = [
            woman
            for woman in women
            if abs(woman.since - man.since) < 10
            and woman.facts["father"] is not man.facts["father"]
        ]
        if not man.woman and fitting:
            wife = rng.choice(fitting)
            women.remove(wife)
            yield man, wife


def give_dates(person: Entity, rng: random.Random, months: list[str]) -> None:
    """Write out the dates of birth and death."""
    for relation, year in (("born", person.since), ("died", person.until)):
        person.facts[relation] = f"{rng.randint(1, 28)} {rng.choice(months)} {year}"


def give_occupation(person: Entity, rng: random.Random) -> None:
    """Choose an occupation of the time, other than that of a forefather of the same name."""
    allowed = [name for name, since in OCCUPATIONS.items() if since <= person.since]
    forefather = person
    while isinstance(father := forefather.facts.get("father"), Entity):
        forefather = father
        if father.name == person.name:
            allowed = [name for name in allowed if name != father.facts["occupation"]]
    if person.since >= 1874:
        allowed += ["film-maker", "actor", "film-maker"]
    person.facts["occupation"] = rng.choice(allowed)


def give_initials(world: World) -> None:
    """Give every other person the name with an initial as an alias, where it is theirs alone."""
    people = world.kinds["person"]
    short = [f"{person.name[0]}. {person.name.split(' ', 1)[1]}" for person in people]
    counts = Counter(short)
    for person, name in zip(people[::2], short[::2], strict=True):
        if counts[name] == 1:
            person.aliases.append(name)


def make_other_name(person: Entity, world: World, taken: set[str]) -> str:
    """Invent a pen name."""
    first = world.words["women" if person.woman else "men"]
    while True:
        name = f"{world.rng.choice(first)} {world.rng.choice(world.words['surnames'])}"
        if name not in taken:
            taken.add(name)
            return name
