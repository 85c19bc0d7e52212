// What the page itself says, in both languages.

const WORDS = {
  en: {
    ready: "online", lost: "connection lost, trying again …", typing: "typing …", blocked: "blocked",
    reader: "Reader", editor: "Editor", outsider: "Visitor", group: "Group", channel: "Channel", channelAbout: "A channel. Make the bot its administrator; it then asks in your private chat when the digest is to come.", supergroup: "A group. Add the bot, then send it commands.",
    block: "Block", unblock: "Unblock the bot", away: "not in this chat",
    add: "Add the bot to the group", promote: "Make the bot an administrator", remove: "Remove",
    speaking: "You are", admin: "administrator", plain: "member", readOnly: "Only administrators can post here.",
    other: "中文", skip: "⏭ My next digest", day: "+1 day", skipHint: "moves the bot's clock", write: "Message",
    what: "What can this bot do?", start: "START", theme: "Light or dark", unread: "Unread messages", chat: "Chat",
    welcome: "Everything here is real: the bot, its requests, its clock. Only Telegram is played by this page.",
    copy: "Copy", copied: "Copied", picture: "picture", came: "The bot was added", left: "The bot was removed", happened: "Something changed in this chat",
    more: "Show more", less: "Show less", send: "Send", attach: "Send a file", commands: "Commands",
    slow: "The bot has not answered this press.", replying: "Reply to: ", failed: "That did not work: ",
    forward: "Forward to the editor’s chat", forwarded: "Forwarded to the editor’s chat.", forwardedFrom: "Forwarded from ",
    reply: "Reply", log: "Messages", views: "Who you are", file: "file", sticker: "sticker", off: "No reply",
  },
  zh: {
    ready: "在线", lost: "连接断开，正在重试……", typing: "正在输入……", blocked: "已屏蔽",
    reader: "读者", editor: "编辑", outsider: "路人", group: "群组", channel: "频道", channelAbout: "这是一个频道。把机器人设为管理员，它会在私聊里问你什么时候推送。", supergroup: "这是一个群组。先把机器人加进来，再给它发命令。",
    block: "屏蔽", unblock: "解除屏蔽", away: "不在这个聊天里",
    add: "把机器人加入群组", promote: "把机器人设为管理员", remove: "移除",
    speaking: "你是", admin: "管理员", plain: "成员", readOnly: "只有管理员可以在这里发布。",
    other: "English", skip: "⏭ 我的下一次推送", day: "+1 天", skipHint: "会拨快机器人的时钟", write: "写消息",
    what: "这个机器人能做什么？", start: "开始", theme: "浅色或深色", unread: "未读消息", chat: "聊天",
    welcome: "这里的一切都是真的：机器人、请求、时钟。只有 Telegram 是模拟的。",
    copy: "复制", copied: "已复制", picture: "图片", came: "机器人已加入", left: "机器人已移出", happened: "聊天有变动",
    more: "展开", less: "收起", send: "发送", attach: "发送文件", commands: "命令",
    slow: "机器人没有回应这次点击。", replying: "回复：", failed: "没有成功：",
    forward: "转发给编辑", forwarded: "已转发到编辑的聊天。", forwardedFrom: "转发自 ",
    reply: "回复", log: "消息", views: "你是谁", file: "文件", sticker: "贴纸", off: "不回复",
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
