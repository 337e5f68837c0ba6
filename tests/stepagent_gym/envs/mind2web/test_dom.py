"""Pages: pruning and text form against the published rules done literally, and hostile pages."""

import copy
import re
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from stepagent_gym.envs.mind2web.dom import CHOICE_WORDS, label, parse_page, prune, show

ORDER = (
    *("role", "aria_role", "type", "alt", "aria_description", "aria_label", "label", "title"),
    *("name", "text_value", "value", "placeholder", "input_checked", "input_value"),
    *("option_selected", "class"),
)


class Literal:
    """The published rules, done to an lxml tree one after the other, for one question."""

    def __init__(self, html, wanted):
        self.tree = etree.fromstring(html)
        self.wanted = set(wanted)
        keep = set()
        for node in self.tree.iter():
            if node.get("backend_node_id") in self.wanted:
                keep |= self.needed(node)
        for node in reversed(list(self.tree.iter())):
            self.trim(node, keep)
        self.numbers = {}
        for node in self.tree.iter():
            if name := node.get("backend_node_id"):
                self.numbers[name] = len(self.numbers)

    def needed(self, node):
        family = {node, *node.iterancestors(), *self.below(node, 0)[:50]}
        if node.getparent() is not None:
            siblings = [child for child in node.getparent() if child.tag != "text"]
            place = siblings.index(node)
            family |= set(siblings[max(0, place - 3) : place + 4])
        return {member.get("backend_node_id") for member in family}

    def below(self, node, level):
        found = []
        for child in node if level <= 5 else ():
            found += [child, *self.below(child, level + 1)]
        return found

    def trim(self, node, keep):
        parent = node.getparent()
        owner = parent if node.tag == "text" else node
        if owner.get("backend_node_id") not in keep and parent is not None:
            parent.remove(node)
            return
        if node.tag == "text" or node.get("backend_node_id") not in self.wanted:
            del node.attrib["backend_node_id"]
        has_text = any(child.tag == "text" for child in node)
        says_nothing = node.tag != "text" and not node.attrib and not has_text
        if parent is not None and says_nothing and len(node) <= 1:
            for child in list(node):
                node.addprevious(child)
            parent.remove(node)

    def text(self, node):
        node = copy.deepcopy(node)
        for inner in node.iter():
            if inner.tag == "text":
                inner.text = " ".join((inner.text or "").split()[:20])
                continue
            values = []
            for name in ORDER:
                value = inner.get(name, "").lower()
                skip = value in ("hidden", "none", "presentation", "null", "undefined")
                words = [] if skip or value.startswith("http") else value.split()
                value = " ".join([word for word in words if len(word) < 15][:5])
                if value not in ("", *values):
                    values.append(value)
            number = self.numbers.get(inner.get("backend_node_id"))
            inner.attrib.clear()
            if number is not None:
                inner.set("id", str(number))
            if values:
                inner.set("meta", " ".join(" ".join(values).split()[:20]))
        text = etree.tostring(node, encoding="unicode").replace('"', " ")
        text = text.replace("meta= ", "").replace("id= ", "id=").replace(" >", ">")
        text = re.sub("<text>(.*?)</text>", r"\1", text)
        for name, mark in (("quot", '"'), ("amp", "&"), ("lt", "<"), ("gt", ">"), ("nbsp", " ")):
            text = text.replace(f"&{name};", mark)
        return re.sub(r"\s+", " ", text).strip()

    def shown(self):
        nodes = [node for node in self.tree.iter() if node.get("backend_node_id")]
        return self.text(self.tree), [
            (node.get("backend_node_id"), " ".join(self.text(node).split()[:10])) for node in nodes
        ]


WORDS = st.lists(
    st.sampled_from(
        [
            "Book",
            "a",
            "table",
            "5",
            "<",
            ">",
            "&",
            '"',
            "'",
            "é",
            "meta=",
            "valid=",
            "x/>",
            "\u00a0",
        ]
        + ["averyveryverylongword", "http://a.b", "none", "&nbsp;", "&amp;lt;"]
    ),
    max_size=25,
).map(" ".join)
SPACE = st.sampled_from(["", "\n   "])


@st.composite
def pages(draw, size=40):
    """A page of up to 60 elements, each with an id of its own, and some of the ids."""
    root = etree.Element("html", backend_node_id="0")
    root.text = draw(SPACE) or None
    nodes = [root]
    for number in range(1, draw(st.integers(2, size))):
        parent = nodes[draw(st.integers(max(0, len(nodes) - 6), len(nodes) - 1))]
        if draw(st.integers(0, 3)) == 0:
            node = etree.SubElement(parent, "text", backend_node_id=str(number))
            node.text = "x " + draw(WORDS)
        else:
            tag = draw(st.sampled_from(["div", "span", "a", "button", "select", "svg"]))
            node = etree.SubElement(parent, tag, backend_node_id=str(number))
            for name in draw(st.lists(st.sampled_from([*ORDER, "style"]), max_size=3)):
                node.set(name, draw(WORDS))
            node.text = draw(SPACE) or None
            nodes.append(node)
        node.tail = draw(SPACE) or None
    names = st.sampled_from([node.get("backend_node_id") for node in nodes])
    candidates = draw(st.lists(names, min_size=1, max_size=12, unique=True))
    group = draw(st.lists(st.sampled_from(candidates), min_size=1, max_size=5, unique=True))
    return etree.tostring(root, encoding="unicode"), candidates, group


@given(pages())
def test_pages_are_shown_by_the_published_rules(case):
    html, candidates, group = case
    tree = parse_page(html)
    page = prune(tree, [tree.by_id[name] for name in candidates])
    shown = show(page, [candidates.index(name) for name in group])
    expected_html, expected_choices = Literal(html, group).shown()
    assert shown.html == expected_html
    assert [(candidates[place], text) for place, text in shown.choices] == expected_choices


@settings(max_examples=20)
@given(pages(size=150))
def test_large_pages_too(case):
    test_pages_are_shown_by_the_published_rules.hypothesis.inner_test(case)


def test_real_pages_are_shown_by_the_published_rules(real_steps):
    for step in real_steps:
        tree = parse_page(step["cleaned_html"])
        names = [c["backend_node_id"] for c in step["pos_candidates"] + step["neg_candidates"]]
        html = etree.tostring(name_all(tree.elements[0]), encoding="unicode")
        page = prune(tree, [tree.by_id[name] for name in names])
        for start in range(0, len(names), 5):
            group = range(start, min(start + 5, len(names)))
            shown = show(page, group)
            literal = Literal(html, [names[place] for place in group])
            assert shown.html == literal.shown()[0]
            assert [(names[p], text) for p, text in shown.choices] == literal.shown()[1]


def name_all(root):
    """Give an id to the few elements that were put into the real pages without one."""
    root = copy.deepcopy(root)
    for number, node in enumerate(root.iter()):
        if node.get("backend_node_id") is None:
            node.set("backend_node_id", f"new {number}")
    return root


def shown_of(html, *names):
    tree = parse_page(html)
    page = prune(tree, [tree.by_id[name] for name in names])
    return show(page, range(len(names)))


def test_a_page_in_full():
    html = """<html backend_node_id="1">
      <div backend_node_id="2"> <div backend_node_id="3">
        <button backend_node_id="4" title="Open" class="b"> <text backend_node_id="5">Book</text>
        </button>
        <select backend_node_id="6" name="kind">
          <option backend_node_id="7" value="pickup"> <text backend_node_id="8">Pick up</text>
          </option>
        </select>
        <p backend_node_id="9"> <text backend_node_id="10">far</text> </p>
      </div> </div>
    </html>"""
    shown = shown_of(html, "6", "4")
    assert shown.html == (
        "<html> <div> <button id=0 open b> Book </button> <select id=1 kind> "
        "<option pickup> Pick up </option> </select> <p> far </p> </div> </html>"
    )
    assert shown.choices == (
        (1, "<button id=0 open b> Book </button>"),
        (0, "<select id=1 kind> <option pickup> Pick up </option> </select>"),
    )


def test_attributes_are_chosen_in_order_and_cut():
    node = etree.Element("input", {"class": "big", "type": "hidden", "role": "Search Box"})
    node.set("title", "search box")
    node.set("name", "one two three four five six waytoolongforthis")
    node.set("value", "http://example.org")
    node.set("onclick", "steal()")
    assert label(node) == "search box one two three four five big"


@pytest.mark.parametrize(
    ("html", "names", "expected"),
    [
        ('<a backend_node_id="1"><br><b backend_node_id="2">x</a>', ["2"], "<a><b id=0>x</b></a>"),
        ('<a backend_node_id="1">5 &nbsp;&euro; &lt;b&gt;</a>', ["1"], "<a id=0>5 &euro; <b></a>"),
        ('<a backend_node_id="1">x &#169;&#xA9;</a>', ["1"], "<a id=0>x ©©</a>"),
        ('<a backend_node_id="1"/><a backend_node_id="1" alt="x"/>', ["1"], "<a id=0 />"),
        ('<a backend_node_id="1"\x00 role="x\ud800"/>', ["1"], "<a id=0 x />"),
        (
            '<a backend_node_id="1"><script>steal("cookie")</script><b backend_node_id="2"/></a>',
            ["2", "1"],
            "<a id=0><b id=1 /></a>",
        ),
        (
            '<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
            '<a backend_node_id="1">&b;&c;</a>',
            ["1"],
            "<a id=0>&b;&c;</a>",
        ),
        ('<?xml version="1.0" encoding="UTF-16"?><a backend_node_id="1"/>', ["1"], "<a id=0 />"),
    ],
)
def test_strange_markup_is_mended(html, names, expected):
    assert shown_of(html, *names).html == expected


@pytest.mark.parametrize("html", ["", " ", "no markup", "\x00", "<", "<>", "<!-- -->", "&amp;"])
def test_what_is_no_page_has_no_elements(html):
    tree = parse_page(html)
    assert not tree.by_id
    assert show(prune(tree, []), ()).choices == ()


@given(st.text())
def test_any_text_is_read(text):
    tree = parse_page(text)
    show(prune(tree, list(tree.by_id.values())), range(len(tree.by_id)))


def wide(count):
    nodes = "".join(f'<li backend_node_id="{n}" title="item {n}"/>' for n in range(1, count))
    return f'<ul backend_node_id="0">{nodes}</ul>'


def texts(count):
    nodes = "".join(f'<text backend_node_id="t{n}">word {n}</text>' for n in range(count))
    return f'<p backend_node_id="0">{nodes}<b backend_node_id="1"/></p>'


HOSTILE = {
    "100,000 children": wide(100_000),
    "100,000 texts": texts(100_000),
    "100,000 levels": "".join(f'<i backend_node_id="{n}">' for n in range(100_000)),
    "10 MB of text": f'<p backend_node_id="0"><text>{"word " * 2_000_000}</text></p>',
    "10 MB in a word": f'<p backend_node_id="0">{"w" * 10_000_000}</p>',
    "10 MB in an attribute": f'<p backend_node_id="0" title="{"w " * 5_000_000}"/>',
    "10 MB of script": f'<p backend_node_id="0"><script>{"if (a > b); " * 800_000}</script></p>',
    "100,000 tags in a script": f'<p backend_node_id="0"><script>{"a<b " * 100_000}</script></p>',
    "1,000,000 entities": f'<p backend_node_id="0">{"&nbsp;" * 1_000_000}</p>',
    "100,000 unclosed": '<p backend_node_id="0">' + '<br class="x">' * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_bounded_time_and_memory(name):
    started = time.perf_counter()
    tracemalloc.start()
    tree = parse_page(HOSTILE[name])
    page = prune(tree, list(tree.by_id.values())[:50])
    shown = show(page, range(min(5, len(page.places))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - started < 30
    assert peak < 400_000_000
    assert len(shown.html) < 100_000
    assert len(shown.choices) == min(5, len(tree.by_id)) >= 1
    assert all(len(text.split()) <= CHOICE_WORDS for _, text in shown.choices)
