"""What is set apart in an article although nobody said it: notes, labels, advertisements."""

import re
from typing import Final

_LABEL: Final = re.compile(
    r"\s*(?:💡|⚠|ℹ|📝|❗"
    r"|(?:温馨提示|友情提示|提示|注意|注|说明|說明|小贴士|警告|备注|備註|编者按|編者按|译注|补充|補充|参考|參考|来源|相关阅读"
    r"|延伸阅读|延伸閱讀|作者简介|版权声明|声明|免责声明|更新|公告|示例"
    r"|tips?|notes?|warning|caution|important|hint|info|nb|update|edit|breaking|example|stability|output"
    r"|prerequisites?|difficulty|storage|related|table \d+|tl;dr|hinweis|disclaimer|see also|ps|p\.s\.)"
    r"\s*[:：!！]"
    r"|(?:提示|注意|记者手记|tip|note|warning)\s*$|see also\s)",
    re.IGNORECASE | re.MULTILINE,
)
_ADVERTISEMENT: Final = re.compile(
    r"扫码|二维码|(?:欢迎|推荐|点击)\S{0,4}(?:订阅|关注)|限时\S{0,4}折|点击下方|知识星球|赞助。"
    r"|^\s*(?:sponsored by|subscribe|follow us|sign up|we are hiring)\b"
    r"|\d+\s?% off\b|buy me a coffee|become a member",
    re.IGNORECASE,
)


def is_remark(text: str) -> bool:
    """Whether a text begins as a note to the reader does, or wants something followed or bought.

    Somebody's words may read like that too: whoever signs them, or sets quotation marks, is right.
    """
    return bool(_LABEL.match(text) or _ADVERTISEMENT.search(text))
