"""What other tools write into Markdown: readers get the words, and none of the signs."""

import pytest

from bot.article.markdown.dialects import dropped
from bot.article.markdown.parser import tokens
from bot.article.markdown.tree import blocks_of
from bot.article.model import Emphasis, Link, Paragraph, Text
from bot.article.plain_text import plain_blocks


def shown(text: str) -> str:
    return plain_blocks(blocks_of(tokens(text)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # Obsidian
        ("See [[page|the words]].", "See the words."),
        ("See [[folder/page]] and [[page.md]].", "See page and page."),
        ("See [[page#part#below]], [[#part]].", "See page > part > below, part."),
        ("笔记 [[某页|显示的字]]在此。", "笔记 显示的字在此。"),
        ("A [[text]](https://example.org/a) is a link.", "A [text] is a link."),
        ("Type [[ -f x ]] or [[1]].", "Type [[ -f x ]] or [[1]]."),
        ("![[a.png|A cat]] sits.", "A cat sits."),
        ("![[a.png|300]] It sits.", "It sits."),
        ("![[another note]] It sits.", "It sits."),
        ("It is ==very **plain**== here, ==高亮==的字。", "It is very plain here, 高亮的字。"),
        ("if x==1 or y==2: a == b", "if x==1 or y==2: a == b"),
        ("Before %%a note to me%% after.", "Before after."),
        ("From 50%% to 100%% of it.", "From 50%% to 100%% of it."),
        ("It ends here. ^ab-12", "It ends here."),
        ("Ten is 10 ^6", "Ten is 10 ^6"),
        ("- one ^a1\n- two\n^b2", "one\ntwo"),
        ("One.\n\n%%\nHidden.\n\nHidden.\n%%\n\nTwo.", "One.\n\nTwo."),
        ("%% is what a comment begins with in Matlab.", "%% is what a comment begins with in Matlab."),
        # Logseq and Dataview
        ("rating:: 5 of 10", "rating: 5 of 10"),
        ("It is [rating:: 5] here.", "It is rating: 5 here."),
        ("- A block\n  id:: 6412-aaaa\n  collapsed:: true", "A block"),
        ("std::vector and f :: Int -> Int", "std::vector and f :: Int -> Int"),
        # Contents
        ("[TOC]\n\nWords.", "Words."),
        ("[[_TOC_]]\n\nWords.", "Words."),
        ("@[toc](目录)\n\nWords.", "Words."),
        ("${toc}\n\nWords.", "Words."),
        ("[toc] is a word.", "[toc] is a word."),
        # Hugo, Jekyll, Hexo
        ('{{< figure src="a.png" caption="A song" >}}', "A song"),
        ('{{<audio src="a.mp3" title="T" caption="A song">}} plays.', "A song plays."),
        ("{% include figure.html alt='A cat' %}", "A cat"),
        ("{{% notice info %}}\nWords.\n{{% /notice %}}", "Words."),
        ("{% raw %}Words{% endraw %} here.", "Words here."),
        ("A {{ site.title }} and {{ name }}.", "A and {{ name }}."),
        ('See [the *other* page]({{< relref "other.md" >}}).', "See the other page."),
        ("See [it]({{ site.baseurl }}{% link _posts/a.md %}).", "See it."),
        ('![A cat]({{ site.url }}/a.png "t") sits.', "A cat sits."),
        ("{% highlight python %}\nx = '{% y %}'\n\n# no heading\n{% endhighlight %}", "x = '{% y %}'\n\n# no heading"),
        # kramdown, Pandoc, Wiki.js
        ("Words.\n{: .lead #top }", "Words."),
        ("**Words**{: .a} and text.{:.b}", "Words and text."),
        ("# Heading {#id .class}", "Heading"),
        ("> Words\n{.is-info}", "Words"),
        ('![A cat](a.png){width=50% height="2"} sits.', "A cat sits."),
        ("Press {x}, {#} or { a: 1 }.", "Press {x}, {#} or { a: 1 }."),
        # MDX
        ('import A from "a"\nimport {\n  B } from "b"\n\n# T\n\nexport const m = 1\n\nWords.', "T\n\nWords."),
        ("Words.\n\nimport os from x", "Words.\n\nimport os from x"),
        ("A comment is {/* written so */} in it.", "A comment is {/* written so */} in it."),
        ("One.\n\n{/* hidden\n\nhidden */}\n\nTwo.", "One.\n\nTwo."),
        # Zenn, Docusaurus, MkDocs
        (":::message alert\nWords.\n:::", "Words."),
        (":::tip Good to know\nWords.\n:::", "Good to know\n\nWords."),
        ("::: details 詳しく\nWords.\n:::", "詳しく\n\nWords."),
        ("@[youtube](ab12)\n\nWords.", "Words."),
        ("@[card](https://example.org/a)", "https://example.org/a"),
        ('!!! note "Be careful"\n    Words.\n\n    - a\n    - b\n\nAfter.', "Be careful\n\nWords.\n\na\nb\n\nAfter."),
        ("??? info\n    Words.", "Info\n\nWords."),
        ("!!! that was loud", "!!! that was loud"),
        # Converters
        ("** 温馨提示 ** 本文约三千字。", "温馨提示 本文约三千字。"),
        ("**提示： **内容在此。", "提示：内容在此。"),
        ("It is **very **plain and ** quite bold ** too.", "It is very plain and quite bold too."),
        ("~~a *b*~~ **![c](d.png) e<!-- f --> **<i>g</i>**** h", "a b c e g**** h"),
        ("2 ** 3 ** 4 and x ** y ** z", "2 ** 3 ** 4 and x ** y ** z"),
        ("**a** b **c** d", "a b c d"),
        ("A note[^4] and[^x].", "A note[4] and[x]."),
        # Written as code, or escaped, all of it stays.
        ("`[[x]]` `==x==` `{% x %}` \\[[x]] \\==x==", "[[x]] ==x== {% x %} [[x]] ==x=="),
        ("```\n{% x %}\n:::tip\n%% x %%\n```", "{% x %}\n:::tip\n%% x %%"),
        ("    :::tip\n    {{< x >}}", ":::tip\n{{< x >}}"),
    ],
)  # fmt: skip
def test_words_without_signs(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize("text", ["==words==", "** words **", "**words **", "前文** words **后文"])
def test_marks_are_bold(text: str) -> None:
    [paragraph] = blocks_of(tokens(text))
    assert isinstance(paragraph, Paragraph)
    assert Emphasis("strong", (Text("words"),)) in paragraph.inlines


@pytest.mark.parametrize(
    "address", ["javascript:void(0);", "file:///etc/passwd", "data:text/plain,x", "other.md"]
)
def test_link_of_any_scheme_is_a_link(address: str) -> None:
    assert blocks_of(tokens(f"[words]({address})")) == (Paragraph((Link(address, (Text("words"),)),)),)


def test_dropped_sources_with_their_lines() -> None:
    text = "# T {#t}\n\nWords\nand {{< figure src=a >}} more. ^a1\n\n{% include x %}\n\n%%\nhidden\n%%\n\n![[note]]\n"
    assert list(dropped(tokens(text))) == [
        (3, "{{< figure src=a >}}"),
        (5, "{% include x %}"),
        (11, "![[note]]"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Put <your-token> into it.", "Put <your-token> into it."),
        ("Use List<String> and Map<Key, Value>.", "Use List<String> and Map<Key, Value>."),
        ("Type git clone <url>.", "Type git clone <url>."),
        ("If a <b and c> d, go on.", "If a <b and c> d, go on."),
        ("<your-token>\n\nWords.", "<your-token>\n\nWords."),
        ("<div>\nPut <your-token> and </String> here.\n</div>", "Put <your-token> and </String> here."),
        ("An <input> and a <title> are elements.", "An <input> and a <title> are elements."),
        ("<dependency>x</dependency> is XML.", "<dependency>x</dependency> is XML."),
        ("A <span class='x'>word</span> and <kbd>Ctrl</kbd>.", "A word and Ctrl."),
        ("A <my-widget data-x='1'>word</my-widget> in it.", "A word in it."),
        ("<Tabs>\n<TabItem value='a'>\n\nWords.\n\n</TabItem>\n</Tabs>", "Words."),
        ("<i>Words that\n\nnobody closes.", "Words that\n\nnobody closes."),
        # Raised and lowered
        ("10<sup>6</sup> and CO<sub>2</sub> and m<sup>−1</sup>.", "10⁶ and CO₂ and m⁻¹."),
        ("x<sup>n+1</sup> and a<sub>i</sub>.", "x^(n+1) and a_(i)."),
        ("Said<sup>[1]</sup> and<sup></sup> so.", "Said[1] and so."),
        ("Said<sup>*a*</sup> so.", "Said^(a) so."),
        ("<p>10<sup>6</sup> and a<sub>i</sub>, x<sup><b>n</b></sup></p>", "10⁶ and a_(i), x^(n)"),
        # Never shown
        ("<audio src='a'>No audio.</audio> Words.", "Words."),
        ("<div><button>▶</button><video>No <b>video</b>.</video>Words.</div>", "Words."),
        ("<span style='display: none'>Hidden [^4]</span> Words.", "Words."),
        ('<p hidden>Hidden.</p><p style="visibility:hidden">Hidden.</p><p>Words.</p>', "Words."),
        ("<div>A <div style='display:none'>x<div>y</div>z</div>B</div>", "A B"),
        ("<noscript>Switch it on.</noscript><svg><text>x</text></svg>Words.", "Words."),
        # Without an end they hide nothing.
        ("A <button> nobody closes.", "A <button> nobody closes."),
        ("A <video src='a'>nobody closes.", "A nobody closes."),
        ("<div><audio src='a'>Words.</div>", "Words."),
    ],
)  # fmt: skip
def test_tags(text: str, words: str) -> None:
    assert shown(text) == words


def test_notes_that_nobody_closes_are_words() -> None:
    assert shown("a ^[b " * 40) == ("a ^[b " * 40).strip()
    assert shown("a ^[b] " * 40) == ("a  (b) " * 40).strip()
