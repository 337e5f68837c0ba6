"""Expected tokens and stems are what Lucene 8 itself gave (Anserini 0.14.3, Java 17)."""

import hashlib
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.webshop.analysis import analyze

TOKENS = [
    ("The Quick-Brown FOX's shoes, and the lazy dog’s bed", "quick brown fox shoe lazi dog bed"),
    ("women＇s men's MEN'S boss' s's kids's", "women men men boss s kid"),
    ("don't o'neill rock'n'roll 'quoted' it's", "don't o'neil rock'n'rol quot"),
    (
        "3.5mm 1,000.50 12:30 v1.2.3 a.b.c. u.s.a e.g. 1'2 1;2 a;b",
        "3.5mm 1,000.50 12 30 v1.2.3 a.b.c u.s.a e.g 1'2 1;2 b",
    ),
    ("a,b", "b"),
    (
        "color:red size:x-large material:leathershoe a:1 1:a",
        "color:r size:x larg material:leathersho 1 1",
    ),
    ("foo_bar __init__ _ ___ a_.b _1_ x__y", "foo_bar __init__ a_ b _1_ x__y"),
    (
        "user@example.com http://www.example.com/a?b=c#d C++ C#",
        "user example.com http www.example.com b c d c c",
    ),
    (".NET", "net"),
    ("100% cotton/linen $19.99 50+ 5'10\" 3072*1728", "100 cotton linen 19.99 50 5'10 3072 1728"),
    (
        "café naïve Straße ÉCOLE İstanbul ΣΊΣΥΦΟΣ ǅungla ﬁne",
        "café naïv straße école istanbul σίσυφοσ ǆungla ﬁne",
    ),
    (
        "cafe\u0301 e\u0301\u0302x a\xadb a\u200bb a\u200cb",
        "cafe\u0301 e\u0301\u0302x a\xadb b a\u200cb",
    ),
    ("a\u200db a\ufeffb a\u2060b a\xa0b", "a\u200db a\ufeffb a\u2060b b"),
    ("привет Мир йод", "привет мир йод"),
    (
        "日本語 漢字かなカナ ｶﾅ コーヒー アイス_クリーム ひらがな",
        "日 本 語 漢 字 か な カナ ｶﾅ コーヒー アイス_クリーム ひ ら が な",
    ),
    ("한국어 조선말 각", "한국어 조선말 각"),
    ("\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35"),
    ("ภาษาไทย ລາວ", "ภาษาไทย ລາວ"),
    ("\u1019\u103c\u1014\u103a\u1019\u102c", "\u1019\u103c\u1014\u103a\u1019\u102c"),
    ("\u1781\u17d2\u1798\u17c2\u179a", "\u1781\u17d2\u1798\u17c2\u179a"),
    (
        '\u05e9\u05dc\u05d5\u05dd \u05e6\u05d4"\u05dc',
        '\u05e9\u05dc\u05d5\u05dd \u05e6\u05d4"\u05dc',
    ),
    (
        "\u05d2'\u05d5\u05e8\u05d2' \u05d3' \u05d0\"\u05d1\"\u05d2",
        "\u05d2'\u05d5\u05e8\u05d2' \u05d3' \u05d0\"\u05d1 \u05d2",
    ),
    ("\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"),
    (
        "\u0661\u0662\u0663 \u06f4\u06f5\u06f6 \u0967\u0968\u0969",
        "\u0661\u0662\u0663 \u06f4\u06f5\u06f6 \u0967\u0968\u0969",
    ),
    ("\u0967,\u0968 \u0967\u066b\u0968", "\u0967,\u0968 \u0967\u066b\u0968"),
    ("👍 👍🏽", "👍 👍🏽"),
    (
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    ),
    ("🇺🇸🇫🇷 🇺", "🇺🇸 🇫🇷"),
    (
        "\u2764\ufe0f \u263a\ufe0e 1\ufe0f\u20e3 #\ufe0f\u20e3",
        "\u2764\ufe0f \u263a 1\ufe0f\u20e3 #\ufe0f\u20e3",
    ),
    ("*⃣", "*⃣"),
    (
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ),
    (
        "\u2605 \u2713 \u2122 \xa9 \xae \u2139 \u2139\ufe0f \u24c2",
        "\u2605 \u2122 \xa9 \xae \u2139 \u2139\ufe0f \u24dc",
    ),
    ("great\U0001f44dproduct 5\u2b50\ufe0f stars", "great \U0001f44d product 5 \u2b50\ufe0f star"),
    ("❤love❤", "❤ love ❤"),
    ("﷽ ﬁ Å K ½ ² ① Ⅳ ㊗ 〰 ℃ № µm", "ﬁ å k ⅳ ㊗ 〰 µm"),
    ("𝐁𝐨𝐥𝐝 𝐚s 𐐀𐐨 𠀀𠀁 𝟏𝟐", "𝐁𝐨𝐥𝐝 𝐚 𐐨𐐨 𠀀 𠀁 𝟏𝟐"),
    ("१a ａｂｃ １２３ Ｔ－ｓｈｉｒｔ", "१a ａｂｃ １２３ ｔ ｓｈｉｒｔ"),
    ("·a·b· l·l a‧b a․b a﹒b ‘a’ a’s a’b", "a·b l·l a‧b a․b a﹒b a’b"),
    ("–—‐-‑ a–b x—y", "b x y"),
    ("", ""),
    ("   \t\n ", ""),
    ("the a an of AND Not", ""),
    ("Ünïcödés", "ünïcödé"),
]
WORDS = """
caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized
hopping tanned falling hissing fizzed failing filing happy sky relational conditional rational
valency hesitancy digitizer conformably radically differently vilely analogously vietnamization
predication operator feudalism decisiveness hopefulness callousness formality sensitivity
sensibility triplicate formative formalize electricity electrical hopeful goodness revival
allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment
dependent adoption homologous communism activate angularity effective bowdlerize probate rate
cease controlling roll psychology possibly analogy bli yes dying yoyo oed sses ies ing ion s's
women clothing batteries wireless stainless moisturizing fluoride polyester breathable
"""
STEMS = """
caress poni ti caress cat feed agre plaster bled motor sing conflat troubl size hop tan fall hiss
fizz fail file happi sky relat condit ration valenc hesit digit conform radic differ vile analog
vietnam predic oper feudal decis hope callous formal sensit sensibl triplic form formal electr
electr hope good reviv allow infer airlin gyroscop adjust defens irrit replac adjust depend adopt
homolog commun activ angular effect bowdler probat rate ceas control roll psycholog possibl analog
bli ye dy yoyo o ss i ing ion s women cloth batteri wireless stainless moistur fluorid polyest
breathabl
"""
STEM_BASES = """
t tr tree oat hop hopp fall fil hiss fizz siz priv val condit relat digit oper decis electr good
reviv gyroscop irrit adjust replac adopt homolog bowdl probat ceas contr roll y sky syz yy é naïv
x5
"""
STEM_ENDS = """
s es ies sses ss ed ing eed y ational tional enci anci izer bli abli alli entli eli ousli ization
ation ator alism iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful
ness al ance ence er ic able ible ant ement ment ent sion tion ion ou ism ate iti ous ive ize e ll
le at bl iz
"""

ALPHABET = st.sampled_from(
    "aZeyls019 _.,:;'\"-#*éßİΣκ\u0301\u00ad\u200d\ufe0f\u20e3ア漢あ한สั\u0e31אב١😀👩👍🏽❤ℹ🇺🇸\ud83d"
)


def digest(texts: Iterable[str]) -> str:
    tokens = "\n".join(" ".join(analyze(text)) for text in texts)
    return hashlib.sha256(tokens.encode()).hexdigest()


def every_code_point() -> Iterator[str]:
    for first in [*range(0, 0x20000, 256), *range(0xE0000, 0xE1000, 256)]:
        points = [chr(c) for c in range(first, first + 256) if not 0xD800 <= c < 0xE000]
        yield " ".join(f"a{c}b 1{c}2 {c}{c} {c}X's" for c in points)


def every_ending() -> Iterator[str]:
    ends = ["", *STEM_ENDS.split()]
    for base in ["", *STEM_BASES.split()]:
        yield " ".join(base + one + two for one in ends for two in ends)


@pytest.mark.parametrize(("text", "tokens"), TOKENS, ids=ascii)
def test_tokens_are_lucenes(text, tokens):
    assert analyze(text) == tokens.split()


def test_stems_are_lucenes():
    assert analyze(WORDS) == STEMS.split()


def test_every_code_point_is_classed_as_by_lucene():
    expected = "1a70da5ef75be8a2071450c5f3fcfab0daed53e15dfb3d22bd29acfdb44d9a7e"
    assert digest(every_code_point()) == expected


def test_all_suffixes_stem_as_by_lucene():
    expected = "29ac7b5dc4d5c5c3f949c66c776e657cb064fc1fa851e6adb66c3519711501f5"
    assert digest(every_ending()) == expected


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a" * 600, ["a" * 255, "a" * 255, "a" * 90]),
        ("é" * 300, ["é" * 255, "é" * 45]),
        ("𝐚" * 200, ["𝐚" * 127, "𝐚" * 73]),  # two UTF-16 units each
        ("é " + "_" * 300 + "a", ["é", "_" * 254 + "a"]),
        ("_" * 300 + "a", ["_" * 254 + "a"]),
        ("\u200d" * 300 + "☝", ["\u200d" * 254 + "☝"]),
        ("1." * 200, ["1." * 127 + "1", "1." * 71 + "1"]),
        ("#" + "\u0301" * 300 + "\u20e3", []),
    ],
    ids=range(8),
)
def test_long_tokens_are_cut_as_by_lucene(text, tokens):
    assert analyze(text) == tokens


@given(st.text(ALPHABET), st.text(ALPHABET))
def test_a_blank_always_separates(left, right):
    assert analyze(f"{left} {right}") == analyze(left) + analyze(right)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_alone_is_analysed_like_ascii_among_other_text(text):
    assert analyze(text) == analyze(f"{text} 漢")[:-1]


@given(st.text(ALPHABET, max_size=20), st.integers(1, 200))
def test_any_text_gives_terms_that_can_be_indexed(text, times):
    for term in analyze(text * times):
        assert term
        assert not any(character.isspace() for character in term)
        assert len(term.encode("utf-16-le")) <= 2 * 255
