"""What the people of the invented land founded, built, fought and made; and the last touches."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from world import OCCUPATIONS, SEED, Entity, World, make_families, make_land, with_articles

WORKS = {"novel": 46, "film": 50, "song": 30, "play": 26, "painting": 26}
WORK_YEARS = {
    "novel": (1872, 1985),
    "film": (1913, 1965),
    "song": (1850, 1975),
    "play": (1891, 1975),
    "painting": (1845, 1985),
}

TIMELESS = ("spouse", "dedicatee", "statue", "tower", "anthem", "manager")
"""The relations of a work or an institution to people who need not live when it begins."""
EARLIER = ("publisher", "studio", "builder", "stage")
"""The relations to something that is there when the other begins."""


def make_world(words: dict[str, Any]) -> World:
    """Make the whole land."""
    world = World(words)
    make_land(world)
    make_families(world)
    for person in world.kinds["person"]:
        world.uses[person.number] = 0
    make_institutions(world)
    make_works(world)
    finish_people(world)
    finish_land(world)
    give_titles(world)
    check_world(world)
    return world


def make_institutions(world: World) -> None:
    """Make companies, schools, theatres, museums, bridges, ships, festivals and battles."""
    rng = world.rng
    make_companies(world)
    for name in world.shuffled("schools"):
        found(world, "school", name, (1848, 1890), "scholar", "merchant")
    for name in world.shuffled("museums"):
        found(world, "museum", name, (1850, 1925), "painter", "merchant")
    for name in world.shuffled("theatres"):
        architect, year = world.worker(1850, 1890, "engineer")
        settle(world, "theatre", name, year, "opened").facts["architect"] = architect
    for name in world.shuffled("festivals"):
        festival = settle(world, "festival", name, rng.randint(1848, 1960), "first")
        festival.facts["founder"] = world.person(festival.since)
        festival.facts["month"] = rng.choice(world.words["months"][3:10])
    spans = rng.sample(range(31, 420), len(world.words["bridges"]))
    for name, span in zip(world.shuffled("bridges"), spans, strict=True):
        engineer, year = world.worker(1850, 1965, "engineer")
        bridge = settle(world, "bridge", name, year, "opened")
        bridge.facts.update(river=bridge.of("town").of("river"), span=str(span))
        bridge.facts["engineer"] = engineer
    for name in world.shuffled("ships"):
        captain, year = world.worker(1872, 1935, "explorer", "merchant")
        ship = world.add("ship", name, year)
        ship.facts["launched"] = str(ship.since)
        ship.facts["builder"] = pick_company(world, "shipyard", ship.since)
        ship.facts["captain"] = captain
        ship.facts["port"] = world.pick("town")
    for name in world.shuffled("battles"):
        victor, year = world.worker(1846, 1930, "general")
        battle = world.add("battle", name, year)
        loser = world.person(year, "general", "explorer", "merchant", besides=victor)
        battle.facts.update(fought=str(battle.since), victor=victor, loser=loser)
        battle.facts["near"] = world.pick("town")


def make_companies(world: World) -> None:
    """Make companies: publishers, shipyards and workshops early, film studios later."""
    rng, words = world.rng, world.words
    kinds = ["publisher", "shipyard", "studio", "maker"]
    for place, word in enumerate(world.shuffled("company_words")):
        kind = kinds[place % len(kinds)]
        name = f"{word} {rng.choice(words['company_kinds'][kind])}"
        year = rng.randint(1901, 1912) if kind == "studio" else rng.randint(1842, 1871)
        company = world.add("company", name, year)
        if "&" in name:
            company.aliases = [name.replace("&", "and")]
        company.facts.update(seat=world.pick("town"), founded=str(year))
        company.facts["founder"] = founder = world.person(year, "merchant", "scholar", "engineer")
        company.facts["product"] = rng.choice(words["products"][kind])
        company.facts["manager"] = world.person(year + rng.randint(5, 15), besides=founder)


def pick_company(world: World, kind: str, year: int) -> Entity:
    """Choose a company that makes the goods of a kind, in a year."""
    products = world.words["products"][kind]
    return world.pick("company", lambda e: e.since <= year and e.facts["product"] in products)


def found(world: World, kind: str, name: str, span: tuple[int, int], *occupations: str) -> None:
    """Add an institution of a town that a person founded within a span of years."""
    founder, year = world.worker(*span, *occupations)
    settle(world, kind, name, year, "founded").facts["founder"] = founder


def settle(world: World, kind: str, name: str, year: int, relation: str) -> Entity:
    """Add something that stands in a town since a year."""
    entity = world.add(kind, name, year)
    entity.facts.update({relation: str(year), "town": world.pick("town")})
    return entity


def make_works(world: World) -> None:
    """Make novels, films, songs, plays and paintings."""
    names = make_work_names(world)
    for kind, make in (
        ("novel", make_novel),
        ("film", make_film),
        ("song", make_song),
        ("play", make_play),
        ("painting", make_painting),
    ):
        for _ in range(WORKS[kind]):
            make(world, next(names))


def make_work_names(world: World) -> Iterator[str]:
    """Give titles without end, each once."""
    rng, words = world.rng, world.words
    given = set()
    while True:
        noun, other = rng.sample(words["nouns"], 2)
        adjective = rng.choice(words["adjectives"])
        pattern = rng.choice(words["title_patterns"])
        name = with_articles(pattern.format(adjective=adjective, noun=noun, other=other))
        if name not in given:
            given.add(name)
            yield name


def create(world: World, kind: str, name: str, maker: tuple[str, str], when: str) -> Entity:
    """Add a work that a person of an occupation made when of age."""
    relation, occupation = maker
    person, year = world.worker(*WORK_YEARS[kind], occupation)
    work = world.add(kind, name, year)
    work.facts.update({relation: person, when: str(year)})
    return work


def make_novel(world: World, name: str) -> None:
    """Add a novel."""
    novel = create(world, "novel", name, ("author", "novelist"), "published")
    novel.facts["publisher"] = pick_company(world, "publisher", novel.since)
    novel.facts["setting"] = world.pick("town")
    novel.facts["illustrator"] = world.person(novel.since, "painter")
    author = novel.facts["author"]
    novel.facts["dedicatee"] = world.pick(
        "person", lambda e: e.since + 12 <= novel.since and e is not author
    )


def make_film(world: World, name: str) -> None:
    """Add a film, now and then after a novel and of its name."""
    film = create(world, "film", name, ("director", "film-maker"), "released")
    film.facts["studio"] = pick_company(world, "studio", film.since)
    film.facts["star"] = world.person(film.since, "actor", besides=film.of("director"))
    film.facts["music"] = world.person(film.since, "composer")
    film.facts["location"] = world.pick("town")
    novels = [
        novel
        for novel in world.kinds["novel"]
        if novel.since < film.since and "adaptation" not in novel.facts
    ]
    if novels and world.rng.random() < 0.6:
        source = world.rng.choice(novels)
        source.facts["adaptation"], film.facts["source"] = film, source
        if world.rng.random() < 0.5:
            film.name = source.name


def make_song(world: World, name: str) -> None:
    """Add a song, about a place."""
    song = create(world, "song", name, ("writer", "composer"), "written")
    song.facts["singer"] = world.person(song.since, "singer")
    song.facts["praised"] = world.pick(world.rng.choice(["town", "river", "island", "lake"]))
    share_name(world, song, "novel")


def make_play(world: World, name: str) -> None:
    """Add a play."""
    play = create(world, "play", name, ("playwright", "playwright"), "premiered")
    play.facts["stage"] = world.pick("theatre", lambda e: e.since <= play.since)
    player = world.person(play.since, "actor", "singer", besides=play.of("playwright"))
    play.facts["lead"] = player
    share_name(world, play, "song")


def make_painting(world: World, name: str) -> None:
    """Add a painting."""
    painting = create(world, "painting", name, ("painter", "painter"), "painted")
    painting.facts.update(gallery=world.pick("museum"), view=world.pick("town"))
    share_name(world, painting, "play")


def share_name(world: World, work: Entity, kind: str) -> None:
    """Name a work, now and then, like one of another kind."""
    if world.rng.random() < 0.25:
        given = {other.name for other in world.kinds[work.kind]}
        names = [other.name for other in world.kinds[kind] if other.name not in given]
        work.name = world.rng.choice(names)


def finish_people(world: World) -> None:
    """Give people towns, schools, teachers and retreats."""
    rng = world.rng
    for person in world.kinds["person"]:
        person.facts["birthplace"] = world.pick("town")
        person.facts["deathplace"] = world.pick("town")
        person.facts["retreat"] = world.pick("island")
        schools = [e for e in world.kinds["school"] if e.since <= person.since + 9]
        if schools and rng.random() < 0.75:
            person.facts["school"] = rng.choice(schools)
        teachers = [
            other
            for other in world.kinds["person"]
            if other.facts["occupation"] == person.facts["occupation"]
            and other.since + 8 <= person.since
            and other.lives(person.since + 18, grown=26)
        ]
        if teachers and rng.random() < 0.7:
            person.facts["teacher"] = rng.choice(teachers)
        painters = [
            other
            for other in world.kinds["person"]
            if other.facts["occupation"] == "painter"
            and other is not person
            and max(person.since, other.since) + 25 <= min(person.until, other.until) - 1
        ]
        if painters and rng.random() < 0.6:
            person.facts["portrait"] = rng.choice(painters)


def finish_land(world: World) -> None:
    """Give the land its people: mayors, discoverers, climbers, and so on."""
    rng = world.rng
    for region in world.kinds["region"]:
        towns = [e for e in world.kinds["town"] if e.facts["region"] is region]
        region.facts["capital"] = rng.choice(towns)
        region.facts["palace"] = world.worker(1850, 1900, "engineer")[0]
    finish_towns(world)
    for mountain in world.kinds["mountain"]:
        mountain.facts["climber"] = world.worker(1850, 1930, "explorer", "scholar")[0]
    for river in world.kinds["river"]:
        river.facts["surveyor"] = world.worker(1850, 1930, "engineer", "explorer")[0]
    for lake in world.kinds["lake"]:
        shores = [e for e in world.kinds["town"] if e.facts["region"] is lake.facts["region"]]
        lake.facts["shore"] = rng.choice(shores)
    for island in world.kinds["island"]:
        island.facts["discoverer"], island.since = world.worker(1845, 1935, "explorer")
        island.facts["charted"] = str(island.since)
        island.facts["port"] = world.pick("town")
    for school in world.kinds["school"]:
        school.facts["tower"] = world.worker(school.since, 1920, "engineer")[0]
        school.facts["anthem"] = world.worker(school.since, 1920, "composer")[0]


def finish_towns(world: World) -> None:
    """Give towns twins, mayors, statues, bells, parks and other names."""
    rng = world.rng
    towns = rng.sample(world.kinds["town"], len(world.kinds["town"]))
    for one, other in zip(towns[::2], towns[1::2], strict=True):
        one.facts["twin"], other.facts["twin"] = other, one
    for town in towns[:44]:
        mayor = world.worker(1860, 1935, *OCCUPATIONS)[0]
        town.facts["mayor"] = mayor
        town.facts["statue"] = rng.choice([e for e in world.kinds["person"] if e is not mayor])
    for town in towns[20:]:
        town.facts["bells"] = world.pick("company")
        town.facts["park"] = world.worker(1850, 1950, "painter", "engineer", "scholar")[0]
    for town in towns[10:28]:
        town.aliases = [rng.choice(["Old {0}", "Great {0}", "King's {0}"]).format(town.name)]
        town.facts["aka"] = town.aliases[0]


def give_titles(world: World) -> None:
    """Give each article a title: the name, and a parenthesis where a name is shared."""
    rng = random.Random(f"{SEED} titles")
    shared = Counter(entity.name for entity in world.entities)
    bare: set[str] = set()
    for entity in world.entities:
        entity.title = entity.name
        if shared[entity.name] == 1 and rng.random() > 0.06:
            continue
        if entity.kind == "novel" and entity.name not in bare and rng.random() < 0.4:
            bare.add(entity.name)
            continue
        if entity.kind in ("person", *WORKS, "ship", "town"):
            noun = entity.kind if entity.kind != "person" else entity.facts["occupation"]
            entity.title = f"{entity.name} ({noun})"


def check_world(world: World) -> None:
    """Assert that titles are unique and that no fact contradicts another."""
    titles = Counter(entity.title for entity in world.entities)
    assert max(titles.values()) == 1, titles.most_common(1)
    aliases = Counter(alias for entity in world.entities for alias in entity.aliases)
    assert max(aliases.values()) == 1, aliases.most_common(1)
    assert not aliases.keys() & {entity.name for entity in world.entities}
    for entity in world.entities:
        for relation, value in entity.facts.items():
            if isinstance(value, Entity) and value.kind == "person":
                check_person(entity, relation, value)
            elif isinstance(value, Entity) and relation in EARLIER:
                assert value.since <= entity.since, (entity.name, relation, value.name)
    for person in world.kinds["person"]:
        assert 40 < person.until - person.since < 100
        assert str(person.facts["born"]).endswith(str(person.since))
        if "spouse" in person.facts:
            spouse = person.of("spouse")
            assert spouse.of("spouse") is person
            assert spouse.woman != person.woman
            assert spouse.facts["married"] == person.facts["married"]
            assert person.lives(int(str(person.facts["married"])), grown=18)
    for novel in world.kinds["novel"]:
        if "adaptation" in novel.facts:
            assert novel.of("adaptation").of("source") is novel
            assert novel.since < novel.of("adaptation").since


def check_person(entity: Entity, relation: str, person: Entity) -> None:
    """Assert that a person lived at the time of what is told of them."""
    if relation in ("father", "mother"):
        assert 18 <= entity.since - person.since <= 50
        assert person.until > entity.since
        assert person.woman == (relation == "mother")
    elif relation == "teacher":
        assert person.since < entity.since
        assert person.until >= entity.since + 18
    elif relation == "portrait":
        assert max(entity.since, person.since) + 25 < min(entity.until, person.until)
    elif relation not in TIMELESS and entity.since > 1840:
        assert person.lives(entity.since, grown=0), (entity.name, relation, person.name)
