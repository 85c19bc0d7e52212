// What the page itself says, in both languages.

const WORDS = {
  en: {
    ready: "online", lost: "connection lost, trying again …", typing: "typing …", blocked: "blocked",
    visitor: "You, the owner", stranger: "A stranger",
    block: "Block", unblock: "Unblock the bot",
    other: "中文", skip: "⏭ Skip to my next digest", skipHint: "moves the bot's clock", write: "Message",
    welcome: "Everything here is real: the bot, the requests, the clock. Try one of these.",
    more: "Show more", less: "Show less", send: "Send", attach: "Send a file", commands: "Commands",
    slow: "The bot has not answered this press.", replying: "Reply to: ", failed: "That did not work: ",
    log: "Messages", views: "Who you are", file: "file", album: "picture", sticker: "sticker", off: "No reply",
  },
  zh: {
    ready: "在线", lost: "连接断开，正在重试……", typing: "正在输入……", blocked: "已屏蔽",
    visitor: "你（管理者）", stranger: "陌生人",
    block: "屏蔽", unblock: "解除屏蔽",
    other: "English", skip: "⏭ 跳到下一份摘要", skipHint: "会拨快机器人的时钟", write: "写消息",
    welcome: "这里的一切都是真的：机器人、请求、时钟。试试这些：",
    more: "展开", less: "收起", send: "发送", attach: "发送文件", commands: "命令",
    slow: "机器人没有回应这次点击。", replying: "回复：", failed: "没有成功：",
    log: "消息", views: "你是谁", file: "文件", album: "图片", sticker: "贴纸", off: "不回复",
  },
};

let language = "en";

export function speak(code) {
  language = code in WORDS ? code : "en";
  document.documentElement.lang = language;
}

export function say(key) {
  return WORDS[language][key] ?? key;
}

export function spoken() {
  return language;
}
