"""Questions over the encyclopedia: chains of facts, comparisons, and the paragraphs around them."""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from articles import Article, shared_names, tell
from world import Entity, World

COMMONEST = 9
"""So many questions of a set, as it is embedded, may end with the same relation."""
SAME_ROW = 3
"""So many may have the same two relations at their end."""
TRIES = 20_000
"""After so many draws without a new question there are taken to be no more."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of an article."""

    entity: Entity
    sentences: list[str]
    words: frozenset[str]

    @property
    def text(self) -> str:
        """Give the sentences in one string."""
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Hop:
    """One fact, and the paragraph and the sentence that state it."""

    subject: Entity
    relation: str
    value: Entity | str
    place: int
    sentence: int

    @property
    def answer(self) -> str:
        """Give the value as an answer."""
        return self.value.name if isinstance(self.value, Entity) else self.value

    def answers(self) -> list[str]:
        """Give the value under all its names; a date is also written the month first."""
        if isinstance(self.value, Entity):
            return self.value.names()
        if date := re.fullmatch(r"(\d+) (\w+) (\d{4})", self.value):
            return [self.value, f"{date[2]} {date[1]}, {date[3]}"]
        return [self.value]


def words_of(text: str) -> frozenset[str]:
    """Give the words of a text."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def contains(text: str, wanted: str) -> bool:
    """Tell whether a text has a name as whole words."""
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.IGNORECASE) is not None


def end_once(question: str) -> str:
    """Drop the question mark after a name that has one of its own."""
    return re.sub(r"\?\?$", "?", question)


class Book:
    """The encyclopedia as a source of questions."""

    def __init__(self, world: World, articles: dict[Entity, Article]) -> None:
        self.world = world
        self.articles = articles
        self.shared = shared_names(world)
        self.paragraphs = {
            (entity, place): Paragraph(
                entity, sentences, words_of(f"{entity.title} {' '.join(sentences)}")
            )
            for entity, article in articles.items()
            for place, sentences in enumerate(article.paragraphs)
        }
        self.rarity = {
            word: 1_000_000 // count
            for word, count in Counter(
                word for paragraph in self.paragraphs.values() for word in paragraph.words
            ).items()
        }

    def hops(self, entity: Entity, *, lead: bool) -> list[Hop]:
        """Give the facts that the article about an entity states, or its lead alone."""
        if entity not in self.articles:
            return []
        stated = self.articles[entity].stated
        return [
            Hop(entity, relation, entity.facts[relation], *stated[relation])
            for relation in sorted(stated)
            if relation in self.world.words["relations"] and not (lead and stated[relation][0])
        ]

    def hop(self, entity: Entity, relation: str) -> Hop | None:
        """Give one fact, if the lead of the article states it."""
        return next((h for h in self.hops(entity, lead=True) if h.relation == relation), None)

    def paragraph(self, hop: Hop) -> Paragraph:
        """Give the paragraph that states a fact."""
        return self.paragraphs[hop.subject, hop.place]

    def mention(self, entity: Entity, rng: random.Random) -> str:
        """Name an entity in a question, so that only one article can be meant."""
        told = tell(entity, self.world, self.shared)
        noun = self.world.words["nouns_of_kinds"].get(entity.kind)
        assert noun or entity.kind == "person" or entity.name not in self.shared
        if noun and (entity.name in self.shared or rng.random() < 0.6):
            return f"the {noun} {entity.name}"
        return told

    def ask(self, relation: str, thing: str, rng: random.Random) -> str:
        """Ask for the object of a relation."""
        pattern: str = rng.choice(self.world.words["relations"][relation]["ask"])
        return pattern.format(thing)

    def chain(self, rng: random.Random, length: int, *, lead: bool) -> list[Hop]:
        """Walk from a random entity along random facts; empty where there is no way on."""
        kind = rng.choice(sorted(self.world.words["kinds"]))
        entity = rng.choice(self.world.kinds[kind])
        chain: list[Hop] = []
        while len(chain) < length:
            last = len(chain) == length - 1
            fitting = [
                hop
                for hop in self.hops(entity, lead=lead)
                if last or (isinstance(hop.value, Entity) and hop.value in self.articles)
            ]
            if not fitting:
                return []
            chain.append(rng.choice(fitting))
            if isinstance(value := chain[-1].value, Entity):
                entity = value
        return chain

    def word_chain(self, chain: list[Hop], rng: random.Random) -> str:
        """Ask for the end of a chain, by its first entity alone."""
        thing = self.mention(chain[0].subject, rng)
        for hop in chain[:-1]:
            thing = rng.choice(self.world.words["relations"][hop.relation]["as"]).format(thing)
        question = self.ask(chain[-1].relation, thing, rng)
        if rng.random() < 0.75 and not re.search(r"\b(\w+) \1\b", question):
            return end_once(question)
        kind = chain[-1].subject.kind
        noun = self.world.words["nouns_of_kinds"].get(kind, kind)
        asked = self.ask(chain[-1].relation, f"that {noun}", rng)
        frame: str = rng.choice(self.world.words["frames"])
        return frame.format(thing=thing, asked=asked[0].lower() + asked[1:], Asked=asked)

    def is_sound(self, question: str, chain: list[Hop]) -> bool:
        """Tell whether each paragraph of a chain names its own two ends and no other."""
        ends = [[hop.subject.name, *hop.subject.aliases] for hop in chain] + [chain[-1].answers()]
        if any(contains(question, name) for end in ends[1:] for name in end):
            return False
        for place, hop in enumerate(chain):
            text = f"{hop.subject.title}. {self.paragraph(hop).text}"
            for number, end in enumerate(ends):
                if number not in (place, place + 1) and any(contains(text, name) for name in end):
                    return False
        return True

    def chains(
        self, rng: random.Random, count: int, length: int, *, lead: bool, times: int = 1
    ) -> list[tuple[str, list[Hop]]]:
        """Give `times` as many different questions over chains as `count`, of various relations.

        Raises `ValueError` where the encyclopedia has no more.
        """
        found: dict[tuple[Entity, str, str], tuple[str, list[Hop]]] = {}
        rows: Counter[tuple[str, ...]] = Counter()
        last: Counter[str] = Counter()
        failed = 0
        while len(found) < times * count:
            if (failed := failed + 1) > TRIES:
                raise ValueError(
                    f"{times * count} questions of {length} hops are wanted, and there are no more "
                    f"than {len(found)}; make fewer"
                )
            chain = self.chain(rng, length, lead=lead)
            if not chain:
                continue
            row = tuple(hop.relation for hop in chain)
            key = (chain[0].subject, chain[-1].relation, chain[-1].answer)
            question = self.word_chain(chain, rng)
            if (
                key in found
                or len(set(row)) < length
                or rows[row[-2:]] >= times * SAME_ROW
                or last[row[-1]] >= times * COMMONEST
                or not self.is_sound(question, chain)
            ):
                continue
            rows[row[-2:]] += 1
            last[row[-1]] += 1
            found[key] = question, chain
            failed = 0
        return list(found.values())

    def near(
        self, question: str, supporting: Iterable[Paragraph], count: int, *, lead: bool
    ) -> list[Paragraph]:
        """Give the paragraphs that share a name or the rarest words with those of the support."""
        kept = list(supporting)
        names = {paragraph.entity.name for paragraph in kept}
        wanted = words_of(question).union(*(paragraph.words for paragraph in kept))
        others = [
            paragraph
            for (_, place), paragraph in self.paragraphs.items()
            if paragraph not in kept and not (lead and place)
        ]
        others.sort(
            key=lambda p: (
                p.entity.name not in names,
                -sum(self.rarity[word] for word in p.words & wanted),
            )
        )
        return others[:count]


@dataclass(frozen=True)
class Comparison:
    """A question about two entities, with the facts it needs in the order of reasoning."""

    question: str
    answer: str
    chosen: Entity | None
    hops: list[Hop]


class Comparer:
    """Makes comparisons of a book."""

    def __init__(self, book: Book, rng: random.Random) -> None:
        self.book = book
        self.rng = rng
        self.found: dict[frozenset[Entity], Comparison] = {}

    def make(self, patterns: list[dict[str, Any]], count: int) -> list[Comparison]:
        """Give so many comparisons, going round the patterns; half of the answers come first.

        Raises `ValueError` where a round adds none.
        """
        turns = Counter[bool]()
        before = -1
        while len(self.found) < count:
            if turns.total() % (2 * len(patterns)) == 0:
                if len(self.found) == before:
                    raise ValueError(
                        f"{count} comparisons are wanted, and there are no more than {before}; "
                        "make fewer"
                    )
                before = len(self.found)
            pattern = patterns[turns.total() % len(patterns)]
            is_same = "same" in pattern
            self.add(pattern, wanted=turns[is_same] % 2 == 0)
            turns[is_same] += 1
        return list(self.found.values())

    def add(self, pattern: dict[str, Any], *, wanted: bool) -> None:
        """Add a comparison after a pattern, of which the first, or yes, is the answer, or not."""
        sense = self.rng.choice(["low", "high"])
        for _ in range(4000):
            pair = self.rng.sample(self.book.world.kinds[pattern["kind"]], 2)
            hops = self.reach(pair, pattern)
            if not hops or frozenset(pair) in self.found or not self.is_sound(pair, hops):
                continue
            one, other = hops[-2].answer, hops[-1].answer
            if "same" in pattern:
                if (one == other) is wanted:
                    self.keep(pair, hops, pattern["same"], "yes" if wanted else "no", None)
                    return
            elif (low := int(one.split()[-1])) != (high := int(other.split()[-1])):
                chosen = pair[(low < high) is not (sense == "low")]
                if (chosen is pair[0]) is wanted:
                    self.keep(pair, hops, pattern[sense], chosen.name, chosen)
                    return

    def reach(self, pair: list[Entity], pattern: dict[str, Any]) -> list[Hop]:
        """Give the facts of both entities, first those that lead to the compared ones."""
        hops: list[Hop] = []
        ends = pair
        for relation in filter(None, (pattern.get("bridge"), pattern["relation"])):
            step = [hop for end in ends if (hop := self.book.hop(end, relation))]
            if len(step) < 2:
                return []
            hops += step
            ends = [hop.value for hop in step if isinstance(hop.value, Entity)]
        return hops

    def is_sound(self, pair: list[Entity], hops: list[Hop]) -> bool:
        """Tell whether the facts stand in paragraphs of their own that tell nothing of another."""
        subjects = [hop.subject for hop in hops]
        if len(set(subjects)) < len(hops) or pair[0].name == pair[1].name:
            return False
        for place, hop in enumerate(hops):
            text = f"{hop.subject.title}. {self.book.paragraph(hop).text}"
            for number, subject in enumerate(subjects):
                if number not in (place, place + 2) and any(
                    contains(text, n) for n in subject.names()
                ):
                    return False
            if place < len(hops) - 2 and any(contains(text, end.answer) for end in hops[-2:]):
                return False
        return True

    def keep(
        self,
        pair: list[Entity],
        hops: list[Hop],
        wordings: list[str],
        answer: str,
        chosen: Entity | None,
    ) -> None:
        """Word and store a comparison, unless it names what has to be found."""
        a, b = (tell(entity, self.book.world, self.book.shared) for entity in pair)
        if any(entity.name in self.book.shared and entity.kind != "person" for entity in pair):
            noun = self.book.world.words["nouns_of_kinds"][pair[0].kind]
            a, b = (f"the {noun} {entity.name}" for entity in pair)
        question = end_once(self.rng.choice(wordings).format(a=a, b=b))
        if not any(contains(question, n) for hop in hops[2:] for n in hop.subject.names()):
            self.found[frozenset(pair)] = Comparison(question, answer, chosen, hops)
