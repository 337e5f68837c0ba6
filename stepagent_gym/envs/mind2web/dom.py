"""Pages: a cleaned page is parsed and pruned once, at preparation, and shown in pieces later.

The rules are those of Mind2Web's published preprocessing.  What a question shows depends on the
candidates that it asks about: they, their ancestors, up to 50 descendants down to the sixth level,
and three siblings on either side; then elements that say nothing and hold at most one child give
way to that child.  `prune` therefore keeps, of a page, what any of its top candidates needs, with
for each candidate the list of its nodes; `show` puts together the page of one question from that,
without parsing.

Where it departs from the published code, for pages that code was never meant for: markup is mended
instead of refused, a page ends where it nests deeper than 2,048 levels, an element without a
`backend_node_id` is nobody's namesake, text outside `<text>` is cut to the same number of words,
no text or attribute is read beyond 4,096 characters, and of an element's texts the first 256 count.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from lxml import etree

ID = "backend_node_id"
TEXT = "text"
MAX_DEPTH = 6
MAX_DESCENDANTS = 50
MAX_SIBLINGS = 3
MAX_WORDS = 20
MAX_VALUE_WORDS = 5
LONG_WORD = 15
CHOICE_WORDS = 10
MAX_CHARS = 4096
MAX_TEXTS = 256

_ATTRIBUTES = (
    *("role", "aria_role", "type", "alt", "aria_description", "aria_label", "label", "title"),
    *("name", "text_value", "value", "placeholder", "input_checked", "input_value"),
    *("option_selected", "class"),
)
_SAYS_NOTHING = frozenset({"hidden", "none", "presentation", "null", "undefined"})
_SOURCE_CODE = frozenset({"script", "style"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OTHER_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_QUOTE = '"'
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPED = re.compile("[&<>]")
_ENTITIES = (
    *(("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " ")),
    *(("&ndash;", "-"), ("&rsquo;", "'"), ("&lsquo;", "'"), ("&ldquo;", '"'), ("&rdquo;", '"')),
    *(("&#39;", "'"), ("&#40;", "("), ("&#41;", ")")),
)


class Tree(NamedTuple):
    """A parsed page, its elements in document order.

    `parents` (-1 for the root), `ends` (one past an element's last descendant) and `depths` are
    indices and numbers by element; `by_id` gives the first element of a `backend_node_id`;
    `labels` remembers what was asked for.
    """

    elements: list[etree._Element]
    parents: list[int]
    ends: list[int]
    depths: list[int]
    by_id: dict[str, int]
    labels: dict[int, str]

    def children(self, node: int) -> Iterator[int]:
        """Iterate over the children of an element."""
        child, end = node + 1, self.ends[node]
        while child < end:
            yield child
            child = self.ends[child]

    def label(self, node: int) -> str:
        """Give what an element's attributes say (see `label`)."""
        if node not in self.labels:
            self.labels[node] = label(self.elements[node])
        return self.labels[node]

    def is_text(self, node: int) -> bool:
        """Whether an element is one of the `<text>` elements that hold a page's text."""
        return self.elements[node].tag == TEXT


class Pruned(NamedTuple):
    """What the questions of a step may show of its page, a column for each property of a node.

    `tags` (empty: text), `labels` (its attribute values), `texts` (what stands before its first
    child, or is the text), `tails` (what stands behind it), `parents`, and `bare` (1: it has no
    attribute, so it may give way to its only child).  `places` says which node each candidate is,
    `keeps` which nodes it needs, in document order.
    """

    parents: list[int]
    tags: list[str]
    labels: list[str]
    texts: list[str]
    tails: list[str]
    bare: list[int]
    places: list[int]
    keeps: list[list[int]]


class Shown(NamedTuple):
    """The page of a question, and its choices in document order: (candidate, text)."""

    html: str
    choices: tuple[tuple[int, str], ...]


def parse_page(html: str) -> Tree:
    """Parse a page, whatever its markup; what cannot be read at all is a page without elements."""
    tree = Tree([], [], [], [], {}, {})
    text = _OTHER_ENTITY.sub("&amp;", _FORBIDDEN.sub("", html))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=True,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return tree
    if root is None:
        return tree
    open_nodes: list[int] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            tree.ends[open_nodes.pop()] = len(tree.elements)
            continue
        node = len(tree.elements)
        tree.elements.append(element)
        tree.parents.append(open_nodes[-1] if open_nodes else -1)
        tree.ends.append(0)
        tree.depths.append(len(open_nodes))
        name = element.get(ID)
        if name and element.tag != TEXT:
            tree.by_id.setdefault(name, node)
        open_nodes.append(node)
    return tree


def prune(tree: Tree, candidates: Sequence[int]) -> Pruned:
    """Keep of a page what its candidates (elements of `tree.by_id`) need."""
    neighbours: dict[int, tuple[list[int], list[int]]] = {}
    keeps = [sorted(_kept(tree, candidate, neighbours)) for candidate in candidates]
    nodes = sorted({0}.union(*keeps)) if tree.elements else []
    places = {node: place for place, node in enumerate(nodes)}
    pruned = Pruned([], [], [], [], [], [], [], [])
    for node in nodes:
        element = tree.elements[node]
        is_text = tree.is_text(node)
        pruned.parents.append(places.get(tree.parents[node], -1))
        pruned.tags.append("" if is_text else element.tag.rpartition("}")[2])
        pruned.labels.append("" if is_text else _label(tree.label(node)))
        pruned.texts.append(_text(element) if is_text else _loose_text(element))
        pruned.tails.append(_loose(element.tail))
        pruned.bare.append(int(not is_text and not (set(element.attrib) - {ID})))
    pruned.places.extend(places[candidate] for candidate in candidates)
    pruned.keeps.extend([places[node] for node in keep] for keep in keeps)
    return pruned


def label(element: etree._Element) -> str:
    """Choose what an element's attributes say: at most 20 words, 5 of each, no long ones."""
    words: list[str] = []
    seen = set()
    present = set(element.keys()) - {ID}
    for name in _ATTRIBUTES if present else ():
        if name not in present:
            continue
        value = element.get(name, "")[:MAX_CHARS].lower()
        if value in _SAYS_NOTHING or value.startswith("http"):
            continue
        said = [word for word in value.split() if len(word) < LONG_WORD][:MAX_VALUE_WORDS]
        if said and tuple(said) not in seen:
            seen.add(tuple(said))
            words += said
    return " ".join(words[:MAX_WORDS])


def show(page: Pruned, group: Sequence[int]) -> Shown:
    """Show the page of a question about some candidates, and name them in document order.

    Candidates are numbered from 0 in that order, as `id` of their elements.
    """
    if not page.tags:
        return Shown("", ())
    candidates = {page.places[candidate]: candidate for candidate in group}
    pieces, spans = _write(page, group, sorted(candidates))
    choices = [
        (candidates[place], _first_words("".join(pieces[slice(*spans[place])])))
        for place in sorted(candidates)
    ]
    return Shown(_squeeze("".join(pieces)), tuple(choices))


def _write(
    page: Pruned, group: Sequence[int], places: Sequence[int]
) -> tuple[list[str], dict[int, tuple[int, int]]]:
    """Write the page of a question in pieces; also say which pieces are which candidate's."""
    kept = sorted({0}.union(*(page.keeps[candidate] for candidate in group)))
    numbers = {place: number for number, place in enumerate(places)}
    gone, children = _give_way(page, kept, numbers)
    pieces: list[str] = []
    spans: dict[int, tuple[int, int]] = {}
    open_nodes: list[tuple[int, str, int]] = []

    def close(until: int) -> None:
        while open_nodes and open_nodes[-1][0] != until:
            node, closing, start = open_nodes.pop()
            pieces.append(closing)
            if node in numbers:
                spans[node] = start, len(pieces)

    for node in kept:
        close(page.parents[node])
        start, closing = len(pieces), ""
        tag, said = page.tags[node], page.labels[node]
        if not tag:
            pieces.append(page.texts[node] + page.tails[node])
        elif node not in gone:
            if node in numbers:
                said = f" id={numbers[node]} {said}"
            if children[node] or page.texts[node]:
                pieces.append(f"<{tag}{said.removesuffix(' ')}>{page.texts[node]}")
                closing = f"</{tag}>{page.tails[node]}"
            else:
                pieces.append(f"<{tag}{said}/>")
                closing = page.tails[node]
        open_nodes.append((node, closing, start))
    close(-1)
    return pieces, spans


def _give_way(
    page: Pruned, kept: Sequence[int], candidates: Collection[int]
) -> tuple[set[int], dict[int, int]]:
    """Find the elements that are replaced by their only child, if any, and count children."""
    children = dict.fromkeys(kept, 0)
    with_text = {page.parents[node] for node in kept if not page.tags[node]}
    gone = set()
    for node in reversed(kept):
        parent, count = page.parents[node], children[node]
        if parent < 0:
            break
        if page.bare[node] and count <= 1 and node not in candidates and node not in with_text:
            gone.add(node)
            children[parent] += count
        else:
            children[parent] += 1
    return gone, children


def _kept(
    tree: Tree, candidate: int, neighbours: dict[int, tuple[list[int], list[int]]]
) -> set[int]:
    """Find the elements that a candidate needs."""
    kept = {candidate}
    parent = tree.parents[candidate]
    if parent >= 0:
        siblings = _neighbours(tree, parent, neighbours)[0]
        place = bisect_left(siblings, candidate)
        kept.update(siblings[max(0, place - MAX_SIBLINGS) : place + MAX_SIBLINGS + 1])
    while parent >= 0:
        kept.add(parent)
        parent = tree.parents[parent]
    kept.update(node for node in descendants(tree, candidate) if not tree.is_text(node))
    return kept.union(*(_texts(tree, node, neighbours) for node in kept))


def descendants(tree: Tree, node: int) -> list[int]:
    """List the first 50 descendants in document order, down to the sixth level."""
    found: list[int] = []
    deepest = tree.depths[node] + MAX_DEPTH
    place, end = node + 1, tree.ends[node]
    while place < end and len(found) < MAX_DESCENDANTS:
        if tree.depths[place] > deepest:
            place = tree.ends[tree.parents[place]]
        else:
            found.append(place)
            place += 1
    return found


def _neighbours(
    tree: Tree, parent: int, cache: dict[int, tuple[list[int], list[int]]]
) -> tuple[list[int], list[int]]:
    """Divide the children of an element: other elements, and its first texts."""
    if parent not in cache:
        children: tuple[list[int], list[int]] = ([], [])
        for child in tree.children(parent):
            children[tree.is_text(child)].append(child)
        del children[True][MAX_TEXTS:]
        cache[parent] = children
    return cache[parent]


def _texts(tree: Tree, node: int, cache: dict[int, tuple[list[int], list[int]]]) -> list[int]:
    return _neighbours(tree, node, cache)[1]


def _text(element: etree._Element) -> str:
    """Give the text of a `<text>` element: its first words."""
    return _tidy(_escape(words_of(element)))


def words_of(element: etree._Element) -> str:
    """Give the first 20 words of what stands before an element's first child."""
    return " ".join((element.text or "")[:MAX_CHARS].split()[:MAX_WORDS])


def _loose_text(element: etree._Element) -> str:
    return " " if element.tag in _SOURCE_CODE else _loose(element.text)


def _loose(text: str | None) -> str:
    """Give text that stands outside `<text>`, blanks at its ends as one each."""
    if not text:
        return ""
    if text.isspace():
        return " "
    words = text[:MAX_CHARS].split()[:MAX_WORDS]
    before, after = " " * text[0].isspace(), " " * text[-1].isspace()
    return f"{before}{_tidy(_escape(' '.join(words)))}{after}"


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)


def _label(said: str) -> str:
    return _tidy(f' meta="{_escape(said).replace(_QUOTE, "&quot;")}"') if said else ""


def _tidy(text: str) -> str:
    """Do to a piece of markup what the published code does to the whole page's.

    Quotation marks become blanks, `meta= ` goes, entities are put back as characters.
    """
    text = text.replace(_QUOTE, " ").replace("meta= ", "").replace("id= ", "id=")
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _first_words(text: str) -> str:
    return " ".join(text.split(None, CHOICE_WORDS)[:CHOICE_WORDS])
