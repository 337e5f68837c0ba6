"""The articles of the encyclopedia: paragraphs of sentences, each with the facts it states."""

import random
import re
from collections import Counter
from dataclasses import dataclass
from string import Formatter

from world import SEED, Entity, World, with_articles


@dataclass(frozen=True)
class Article:
    """An article; `stated` gives the paragraph and the sentence that state a fact."""

    entity: Entity
    paragraphs: list[list[str]]
    stated: dict[str, tuple[int, int]]


def make_articles(world: World) -> dict[Entity, Article]:
    """Write an article about each entity of a kind that has wording."""
    shared = shared_names(world)
    articles = {
        entity: Writer(world, entity, shared).write()
        for entity in world.entities
        if entity.kind in world.words["kinds"]
    }
    for article in articles.values():
        check_article(article)
    return articles


def check_article(article: Article) -> None:
    """Assert that each fact stands once, in its sentence, and each name of the title too."""
    assert article.entity.name in article.paragraphs[0][0], article.entity.title
    for relation, (paragraph, sentence) in article.stated.items():
        value = article.entity.facts[relation]
        wanted = value.name if isinstance(value, Entity) else value
        assert wanted in article.paragraphs[paragraph][sentence], (article.entity.title, relation)


def shared_names(world: World) -> set[str]:
    """Give the names that more than one entity has."""
    counts = Counter(entity.name for entity in world.entities)
    return {name for name, count in counts.items() if count > 1}


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
        craft = world.words["crafts"].get(entity.facts.get("occupation"), [])
        self.fillers: list[str] = [*self.wording["filler"], *craft]
        self.rng.shuffle(self.fillers)
        own = tell(entity, world, set())
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
        self.details: dict[str, list[str]] = world.words["details"]

    def write(self) -> Article:
        """Write the lead paragraph, and further ones where there is something left to tell."""
        parts = [self.wording.get(part, []) for part in ("lead", "later", "more")]
        paragraphs: list[list[str]] = []
        for slots in parts:
            if sentences := self.paragraph(slots, len(paragraphs)):
                paragraphs.append(sentences)
        return Article(self.entity, paragraphs, self.stated)

    def paragraph(self, slots: list[list[str]], place: int) -> list[str]:
        """Write the sentences whose facts the entity has, and fill up with trivial ones."""
        known = self.values.keys() | self.details.keys()
        told = [slot for slot in slots if self.fields(slot[0]) <= known]
        if not told:
            return []
        rest = self.rng.sample(told[1:], len(told) - 1)
        patterns = [self.rng.choice(slot) for slot in (told[0], *rest)]
        wanted = self.rng.choice((4, 6, 6)) if place == 0 else self.rng.randint(3, 4)
        while len(patterns) < wanted and self.fillers:
            patterns.insert(self.rng.randint(1, len(patterns)), self.fillers.pop())
        for number, pattern in enumerate(patterns):
            for relation in self.fields(pattern) & self.entity.facts.keys():
                assert relation not in self.stated, f"{self.entity.title} tells {relation} twice"
                self.stated[relation] = (place, number)
        return [self.sentence(pattern) for pattern in patterns]

    def sentence(self, pattern: str) -> str:
        """Fill in a pattern; a name that ends in a mark of its own takes no full stop after it."""
        details = {name: self.rng.choice(choices) for name, choices in self.details.items()}
        text = with_articles(pattern.format(**details, **self.values))
        return re.sub(r"([?!.])\.$", r"\1", text[0].upper() + text[1:])

    @staticmethod
    def fields(pattern: str) -> set[str]:
        """Give the names in the braces of a pattern."""
        return {name for _, name, _, _ in Formatter().parse(pattern) if name}
