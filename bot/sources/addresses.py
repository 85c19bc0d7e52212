"""Addresses of pages: which two are the same page, and what of one only counts who came from where. Pure."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING: Final = re.compile(
    r"utm_\w+|hsa_\w+|mc_[ce]id|mkt_tok|_hs\w+|pk_\w+|mtm_\w+|piwik_\w+|matomo_\w+|vero_\w+|oly_\w+"
    r"|(?:fb|g|ms|dcl|y|tw|ttc|wbra|gbra|li_fat_|sc|rb_|irc)clid|gclsrc|dclid|igshid|igsh|si|__twitter_impression"
    r"|spm|scm|from|isappinstalled|share_\w+|sharer_\w+|shareid|scene|subscene|clicktime|enterid|ascene"
    r"|devicetype|nettype|abtest_cookie|lang_src|exportkey|pass_ticket|wx_header|chksm|nsukey|srcid|srctype"
    r"|ref|ref_src|ref_url|referrer|referer|cmpid|cmp|campaign|ncid|sr_share|smid|smtyp|xtor|trk|trkinfo"
    r"|outputtype|amp|hl_src|fromsource|timestamp_share|bd_source|vd_source|seid|spm_id_from|from_source",
    re.IGNORECASE,
)
"""Parameters that tell who came from where, and nothing of which page it is."""
_WECHAT_HOST: Final = "mp.weixin.qq.com"
_WECHAT: Final = ("__biz", "mid", "idx", "sn")
"""What tells one post of WeChat from another; the rest changes with each share."""
_MOBILE: Final = re.compile(r"^(?:www\d?|m|mobile|amp|wap|touch|h5)\.(?=[^.]+\.)")
_AMP_PATH: Final = re.compile(r"/amp(?=/?$)|(?<=.)[./]amp(?=\.html?$)|^/amp(?=/)")
_AMP_CACHES: Final = (
    re.compile(r"^(?:www\.)?google\.[a-z.]+/amp/(?P<secure>s/)?(?P<page>.+)$"),
    re.compile(r"^[\w-]+\.cdn\.ampproject\.org/[cvi]/(?P<secure>s/)?(?P<page>.+)$"),
)
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d+(?:/|$))")
"""What names a kind of address; `example.org:8080` names a port."""
_NAME: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_IPV6: Final = re.compile(r"[0-9a-f:.]+")
_PORTS: Final = {"http": 80, "https": 443}
_SAFE: Final = "/:@!$&'()*+,;=~-._"
_TELEGRAM_HOSTS: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_TELEGRAM_POST: Final = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})/(\d+)/?")
_MEDIUM: Final = "---"
"""In a `source` that Medium adds; elsewhere a parameter of that name may choose the page."""
MAX_ADDRESS_CHARS: Final = 2_000


def web_address(text: str) -> str | None:
    """Return an http or https address written as the standard has it; None for anything else.

    `example.org/a` without a scheme is one too. User and password are left out: they belong to nobody here.
    """
    text = text.strip().strip("<>").strip()
    if not text or len(text) > MAX_ADDRESS_CHARS or any(map(str.isspace, text)):
        return None
    parts = _split(text if _SCHEME.match(text) else f"https://{text}")
    if parts is None or parts.scheme not in _PORTS:
        return None
    host, port = _host(parts), _port(parts)
    if port is None or host is None or ("." not in host and ":" not in host):
        return None
    netloc = host if port in {0, _PORTS[parts.scheme]} else f"{host}:{port}"
    path = quote(parts.path or "/", safe=_SAFE + "%")
    return urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe=_SAFE + "?/%"), parts.fragment))


def without_tracking(address: str) -> str:
    """Return an address that leads to the same page and says nothing of who shared it."""
    parts = urlsplit(address)
    kept = [each for each in parts.query.split("&") if _parameters(each)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def address_key(address: str) -> str | None:
    """Return what all addresses of one page have in common; None for what is no web address.

    Scheme, `www.` and mobile hosts, AMP, fragments, tracking parameters and their order make no difference.
    """
    found = web_address(address)
    if found is None:
        return None
    parts = urlsplit(_without_cache(found))
    if post := telegram_post(found):
        return post.removeprefix("https://")
    host = _MOBILE.sub("", parts.netloc.lower())
    if host == _WECHAT_HOST:
        given = dict(parse_qsl(parts.query))
        kept = [(name, given[name]) for name in _WECHAT if name in given]
        return f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}".rstrip("?")
    path = _INDEX.sub("/", _AMP_PATH.sub("", unquote(parts.path))).rstrip("/")
    query = urlencode(sorted(_parameters(parts.query)))
    return f"{host}{path}?{query}".rstrip("?")


def telegram_post(address: str) -> str | None:
    """Return the address of a post of a public channel of Telegram; None for any other."""
    parts = urlsplit(address)
    match = _TELEGRAM_POST.fullmatch(parts.path)
    return f"https://t.me/{match[1]}/{match[2]}" if match and parts.hostname in _TELEGRAM_HOSTS else None


def readable(address: str) -> str:
    """Return where the text of a page can be read: a post of Telegram in the page that sites embed."""
    post = telegram_post(address)
    return f"{post}?embed=1&mode=tme" if post else address


def host_of(address: str) -> str:
    """Return the host of a page without `www.`, as people name a site."""
    return _MOBILE.sub("", urlsplit(address).hostname or "")


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:  # brackets of an IPv6 address that do not match
        return None


def _host(parts: SplitResult) -> str | None:
    """Return a host in the letters that DNS knows; None when it can be none."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]" if _IPV6.fullmatch(host) else None
    try:
        ascii_ = host.encode("idna").decode().lower()
    except UnicodeError:  # a label that is empty or too long
        return None
    # Some characters become others on the way, an accent alone a space before it.
    return ascii_ if _NAME.fullmatch(ascii_) else None


def _port(parts: SplitResult) -> int | None:
    """Return the port, 0 where none is named; None when it can be none."""
    try:
        return parts.port or 0
    except ValueError:  # beyond 65,535, or no number
        return None


def _parameters(query: str) -> list[tuple[str, str]]:
    given = parse_qsl(query, keep_blank_values=True)
    return [
        (name, value)
        for name, value in given
        if not _TRACKING.fullmatch(name) and not (name == "source" and _MEDIUM in value)
    ]


def _without_cache(address: str) -> str:
    """Return the page that Google's copy of it stands for."""
    rest = address.split("://", 1)[1]
    for pattern in _AMP_CACHES:
        if match := pattern.match(rest):
            return f"{'https' if match['secure'] else 'http'}://{match['page']}"
    return address
