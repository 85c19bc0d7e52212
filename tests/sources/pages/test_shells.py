"""Walls, checks and notices are never stored as articles, and short articles are never taken for them."""

from typing import get_args

import pytest

from bot.i18n import Language, translator
from bot.sources.model import Page, Shell
from bot.sources.pages.page import read_page

APP = '<div id="root"></div><script src="/app.js"></script>'
NAV = "<nav><a href='/'>Home</a> <a href='/about'>About</a></nav>"
LINES = "<p>The ferry was late again this morning, and nobody on the pier said a word about it.</p>"


def read(body: str, title: str = "A page") -> object:
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return read_page(page.encode(), address="https://example.org/a/b", media_type="text/html")


SHELLS = [
    ("check", "环境异常", "<div class='t'>当前环境异常，完成验证后即可继续访问。</div><button>去验证</button>"),
    ("check", "安全验证", "<p>请完成安全验证</p><p>拖动滑块完成拼图</p>"),
    ("check", "验证", "<p>您的访问过于频繁，请输入验证码后继续</p><form><input></form>"),
    ("check", "Just a moment...", "<h1>example.org</h1><p>Checking your browser before accessing the site.</p>"),
    ("check", "Attention Required!", "<h1>Sorry, you have been blocked</h1><p>You are unable to access example.org.</p>"),
    ("check", "Pardon Our Interruption", "<p>Something about your browser made us think you were a bot.</p>"),
    ("check", "Are you a robot?", "<p>To continue, please click the box below to let us know you're not a robot.</p>"),
    ("check", "Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this on this server. Reference #18.</p>"),
    ("deleted", "", "<div class='weui-msg'><p>该内容已被发布者删除</p></div>"),
    ("deleted", "", "<p>此内容因违规无法查看</p><p>由用户投诉并经平台审核。</p>"),
    ("deleted", "Post", f"{NAV}<h2>This post has been removed by its author.</h2>"),
    ("deleted", "Suspended", "<p>This account has been suspended for a violation of the rules.</p>"),
    ("missing", "页面不存在", f"{NAV}<p>抱歉，您访问的页面不存在。</p><a href='/'>返回首页</a>"),
    ("missing", "Page not found", f"{NAV}<h1>404</h1><p>We couldn’t find that page. Try a search.</p>"),
    ("missing", "Seite nicht gefunden", "<h1>Hoppla!</h1><p>Die Seite wurde nicht gefunden.</p>"),
    ("login", "登录", "<p>登录后可查看全部内容</p><p>扫码登录</p><p>账号登录</p>"),
    ("login", "Sign in", f"{NAV}<h1>Welcome back</h1><p>Sign in to continue reading.</p><form>Forgot your password?</form>"),
    ("login", "Join", "<h1>Join to view full profile</h1><p>Create an account to continue.</p>"),
    ("consent", "Before you continue", "<h1>Before you continue</h1><p>We use cookies and data to deliver services.</p>"),
    ("consent", "Privacy", "<h2>We value your privacy</h2><p>We and our 842 partners store information on a device.</p><button>Accept all</button>"),
    ("paywall", "A long story", f"<article><h1>A long story</h1>{LINES}</article><div>Subscribe to continue reading. Already a subscriber? Log in.</div>"),
    ("paywall", "一个长故事", "<article><h1>一个长故事</h1><p>今天早上的渡船又晚点了，码头上没有人说一句话，大家只是看着水面。</p></article><p>剩余 87% 内容，开通会员后即可阅读全文</p>"),
    ("paywall", "Members", f"{LINES}<p>This post is for paying subscribers only.</p>"),
    ("script", "App", f"{APP}<noscript>You need to enable JavaScript to run this app.</noscript>"),
    ("script", "Site", APP.replace("root", "__next")),
    ("script", "加载中", "<div id='app'>正在加载...</div><script>boot()</script>"),
    ("empty", "A video", "<video src='a.mp4'></video><p>0:00 / 3:21</p>"),
    ("empty", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("shell", "title", "body"), SHELLS)
def test_shell_is_named_and_not_read(shell: str, title: str, body: str) -> None:
    assert read(body, title) == shell


ENGLISH = (
    "The ferry was late again this morning. Nobody on the pier said a word about it. We had all learned, years ago, "
    "that the river keeps its own hours. When the boat came it was half empty, and the captain did not wave."
)
CHINESE = (
    "今天早上的渡船又晚点了。码头上没有人说一句话，因为大家早就知道，河有河的时间。船来的时候只坐了一半的人，船长也没有挥手。"
    "我们一个接一个地走上去，找了靠窗的位置坐下。水是灰色的，雾还没有散。"
)
ARTICLES = [
    ("The late ferry", ENGLISH),
    ("晚点的渡船", CHINESE),
    ("How to enable JavaScript", f"{ENGLISH} To enable JavaScript in the old browser, open its settings. That is all."),
    ("What a captcha costs us", f"{ENGLISH} Each time a page asks us to verify that we are human, a little trust is lost."),
    ("The history of the cookie banner", f"{ENGLISH} “We value your privacy”, they all say. Few of them do."),
    ("404: a town not found", f"{ENGLISH} The town is on no map. I asked at the station and was sent away."),
    ("Why I log in to nothing", f"{ENGLISH} I do not sign in anywhere. The library knows my face."),
    ("The paywall at the end of the world", f"{ENGLISH} There was a time when news cost a coin. Nobody wrote of limits then."),
    ("删帖之后", f"{CHINESE}后来那篇文章被删除了，可是看过的人都记得。他们把它讲给别人听。"),
    ("验证码的一天", f"{CHINESE}每次登录都要输入验证码，他已经习惯了。只有老人还会抱怨。"),
    ("会员制图书馆", f"{CHINESE}图书馆只对会员开放，一年十块钱。钱放在门口的盒子里。"),
    ("A note on subscriptions", f"{ENGLISH} I let my subscriptions go one by one. I miss only the paper one."),
    ("Access denied, 1969", f"{ENGLISH} At the gate they told him that access was denied. He went home and wrote a poem."),
    ("Deleted scenes", f"{ENGLISH} The scene was removed by the editor in the last week. It was the best one."),
    ("JavaScript 加载中的那些年", f"{CHINESE}那时候网页总是正在加载。我们就看着那个圈一直转。"),
    ("Robots on the river", f"{ENGLISH} Are you a robot? the child asked the crane. The crane turned away."),
    ("登录火星", f"{CHINESE}他们第一次登陆火星的那天，码头上的收音机一直开着。谁也没有说话。"),
    ("Consent", f"{ENGLISH} Nobody had asked the town for its consent. The bridge was built all the same."),
    ("The members", f"{ENGLISH} The club had eleven members. Ten of them rowed, and one kept the keys."),
    ("404 路公交", f"{CHINESE}404 路公交的终点站在河边。末班车是晚上九点半。"),
    ("Not found", f"{ENGLISH} The ring was not found. They dredged for it until October."),
    ("Unusual traffic", f"{ENGLISH} There was unusual traffic on the bridge that night. It was the circus, leaving."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_short_article_is_read(title: str, text: str) -> None:
    found = read(
        f"{NAV}<article><h1>{title}</h1><p>{text}</p></article><footer>Contact · Log in · Privacy</footer>",
        title,
    )
    assert isinstance(found, Page), found
    assert found.title == title
    assert text in found.document


@pytest.mark.parametrize("filler", [ENGLISH, CHINESE])
def test_long_article_under_a_banner_is_read(filler: str) -> None:
    banner = "<div>We value your privacy. Accept all cookies. Log in to comment. Enable JavaScript.</div>"
    found = read(f"{banner}<article><h1>A story</h1>{f'<p>{filler}</p>' * 6}</article>", "A story")
    assert isinstance(found, Page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shell_has_a_text_that_says_what_to_do(language: str) -> None:
    tr = translator(Language(language))
    texts = {tr(f"page.{shell}", host="example.org") for shell in get_args(Shell)}
    assert len(texts) == len(get_args(Shell))
    assert all("example.org" in text for text in texts)
