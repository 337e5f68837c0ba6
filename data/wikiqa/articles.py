"""The articles of the encyclopedia: paragraphs of sentences, each with the facts it states."""

import random
from dataclasses import dataclass
from string import Formatter

from world import SEED, Entity, World


@dataclass(frozen=True)
class Article:
    """An article; `stated` gives the paragraph and the sentence that state a fact."""

    entity: Entity
    paragraphs: list[list[str]]
    stated: dict[str, tuple[int, int]]

    def text(self, paragraph: int = 0) -> str:
        """Give a paragraph in one string."""
        return " ".join(self.paragraphs[paragraph])


def make_articles(world: World) -> dict[Entity, Article]:
    """Write an article about each entity of a kind that has wording."""
    shared = shared_names(world)
    return {
        entity: Writer(world, entity, shared).write()
        for entity in world.entities
        if entity.kind in world.words["kinds"]
    }


def shared_names(world: World) -> set[str]:
    """Give the names that more than one entity has."""
    seen: set[str] = set()
    return {
        entity.name for entity in world.entities if entity.name in seen or seen.add(entity.name)
    }


def tell(entity: Entity, world: World, shared: set[str]) -> str:
    """Name an entity in running text, so that it cannot be taken for another person."""
    if entity.kind == "person" and entity.name in shared:
        return f"the {entity.facts['occupation']} {entity.name}"
    pattern: str = world.words["told"].get(entity.kind, "{0}")
    return pattern.format(entity.name)


class Writer:
    """Writes the article of one entity."""

    def __init__(self, world: World, entity: Entity, shared: set[str]) -> None:
        self.rng = random.Random(f"{SEED} article {entity.number}")
        self.wording = world.words["kinds"][entity.kind]
        self.entity = entity
        self.stated: dict[str, tuple[int, int]] = {}
        own = (
            pattern.format(entity.name)
            if (pattern := world.words["told"].get(entity.kind))
            else entity.name
        )
        self.values = {"name": own, "Name": own[0].upper() + own[1:]}
        pronouns = (
            ("she", "her", "her", "daughter") if entity.woman else ("he", "his", "him", "son")
        )
        self.values |= dict(zip(("he", "his", "him", "child"), pronouns, strict=True))
        self.values |= {"He": pronouns[0].title(), "His": pronouns[1].title()}
        for relation, value in entity.facts.items():
            self.values[relation] = (
                tell(value, world, shared) if isinstance(value, Entity) else value
            )
        for name, choices in world.words["details"].items():
            self.values[name] = self.rng.choice(choices)

    def write(self) -> Article:
        """Write the lead paragraph, and a later one where there is something left to tell."""
        paragraphs = [self.paragraph(self.wording["lead"], 0)]
        later = self.paragraph(self.wording.get("later", []), 1)
        if later:
            paragraphs.append(later)
        return Article(self.entity, paragraphs, self.stated)

    def paragraph(self, slots: list[list[str]], place: int) -> list[str]:
        """Write the sentences whose facts the entity has, and fill up with trivial ones."""
        told = [slot for slot in slots if self.fields(slot[0]) <= self.values.keys()]
        if not told:
            return []
        first, rest = told[0], told[1:]
        self.rng.shuffle(rest)
        fillers = self.rng.sample(self.wording["filler"], len(self.wording["filler"]))
        wanted = self.rng.randint(3, 5) if place == 0 else 3
        count = max(0, min(wanted - len(told), len(fillers)))
        patterns = [self.rng.choice(slot) for slot in (first, *rest)]
        for filler in fillers[:count]:
            patterns.insert(self.rng.randint(1, len(patterns)), filler)
        if place == 0:
            patterns = patterns[:6]
        for number, pattern in enumerate(patterns):
            for relation in self.fields(pattern) & self.entity.facts.keys():
                self.stated[relation] = (place, number)
        return [capital(pattern.format(**self.values)) for pattern in patterns]

    @staticmethod
    def fields(pattern: str) -> set[str]:
        """Give the names in the braces of a pattern."""
        return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def capital(sentence: str) -> str:
    """Write the first letter large."""
    return sentence[0].upper() + sentence[1:]
