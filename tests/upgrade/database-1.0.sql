BEGIN TRANSACTION;
CREATE TABLE acts (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    "user" INTEGER NOT NULL,                 -- 0 once they wished to be forgotten
    act TEXT NOT NULL,
    about TEXT NOT NULL                      -- an article's name, a person's number; '' for nothing in particular
);
INSERT INTO "acts" VALUES(1,1795521600000,1,'invited','');
INSERT INTO "acts" VALUES(2,1795521600000,2,'appointed','2');
INSERT INTO "acts" VALUES(3,1795521676840,2,'published','fourth-piece');
INSERT INTO "acts" VALUES(4,1795521680820,2,'traced','first');
INSERT INTO "acts" VALUES(5,1795521683220,2,'traced','11');
INSERT INTO "acts" VALUES(6,1795600899240,1,'published','fifth');
INSERT INTO "acts" VALUES(7,1795687309640,1,'broadcast','#1 👀');
INSERT INTO "acts" VALUES(8,1795687310840,1,'broadcast','#1 ▶️');
INSERT INTO "acts" VALUES(9,1795687325420,1,'invited','');
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    news INTEGER NOT NULL UNIQUE,            -- number of its announcement; a reader's watermark points here
    version INTEGER NOT NULL,
    edition INTEGER NOT NULL REFERENCES editions (id),
    card TEXT NOT NULL,                      -- what lists show without reading the text
    summary TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    removed_at INTEGER,                      -- a tombstone: the next start does not bring it back
    quarantine TEXT                          -- why Telegram refuses it: it is announced to nobody
, quarantined_at INTEGER);
INSERT INTO "articles" VALUES(1,'first',1,1,1,'{"title": "First things", "language": "en", "source": null, "author": null, "published": null, "url": null, "minutes": 2, "tags": [], "lead": "The lead of the first one is long enough.", "sections": 3, "quotes": ["b49aeb19534b8e7a"]}','["The lead of the first one is long enough."]',1795521600000,NULL,NULL,NULL);
INSERT INTO "articles" VALUES(2,'second',2,1,2,'{"title": "第二篇文章", "language": "zh", "source": "某报", "author": null, "published": null, "url": null, "minutes": 1, "tags": [], "lead": "这是第二篇文章的导语，写得足够长，可以代表全文的内容。", "sections": 1, "quotes": ["86eaff310ec3be42"]}','["这是第二篇文章的导语，写得足够长，可以代表全文的内容。"]',1795521600000,NULL,NULL,NULL);
INSERT INTO "articles" VALUES(3,'fourth-piece',3,1,3,'{"title": "Fourth piece", "language": "en", "source": null, "author": null, "published": null, "url": null, "minutes": 1, "tags": [], "lead": "A lead that is long enough to stand here for a while.", "sections": 1, "quotes": ["69ec5bbce898348d"]}','["A lead that is long enough to stand here for a while."]',1795521676840,NULL,NULL,NULL);
INSERT INTO "articles" VALUES(4,'fifth',4,1,4,'{"title": "Fifth", "language": "en", "source": null, "author": null, "published": null, "url": null, "minutes": 1, "tags": [], "lead": "A lead that is long enough to stand here too.", "sections": 1, "quotes": []}','["A lead that is long enough to stand here too."]',1795600899240,NULL,'Bad Request: text is too long',1795780800000);
CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner INTEGER NOT NULL,                  -- user id
    source_chat INTEGER NOT NULL,            -- where the message is that is copied
    source_message INTEGER NOT NULL,
    segment TEXT NOT NULL,                   -- JSON
    state TEXT NOT NULL CHECK (state IN ('draft', 'tried', 'running', 'paused', 'done', 'cancelled')),
    reason TEXT,                             -- why it is paused or cancelled, where nobody chose it
    total INTEGER NOT NULL DEFAULT 0,        -- readers when it was started
    reached INTEGER NOT NULL DEFAULT 0,      -- readers up to this id have their row
    rows_after INTEGER NOT NULL,             -- all its rows in the outbox come after this one
    panel_chat INTEGER,                      -- the message that shows how far it has come
    panel_message INTEGER,
    made_at INTEGER NOT NULL
);
INSERT INTO "campaigns" VALUES(1,1,1,154,'{"language": null, "tag": null, "articles": [], "days": null}','done',NULL,9,13,19,1,155,1795687304020);
INSERT INTO "campaigns" VALUES(2,1,1,167,'{"language": null, "tag": null, "articles": [], "days": null}','draft',NULL,0,0,28,1,168,1795687315040);
CREATE TABLE cooldowns (                     -- what takes no digest for a while, as Telegram asked
    chat INTEGER UNIQUE,                     -- NULL: the digests of all chats
    until INTEGER NOT NULL
);
INSERT INTO "cooldowns" VALUES(NULL,1795780800000);
INSERT INTO "cooldowns" VALUES(22,1795780800000);
CREATE TABLE "deliveries" (
    id INTEGER PRIMARY KEY,
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind TEXT NOT NULL,                      -- digest, notice, campaign
    occasion TEXT NOT NULL,                  -- for a digest the slot, in the reader's own clock
    part INTEGER NOT NULL,                   -- from 1
    parts INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'failed', 'uncertain', 'excluded')),
    reason TEXT,                             -- a code of `bot/delivery/reasons.py`
    detail TEXT,                             -- Telegram's own words, or a fault's name
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,                 -- not to be sent before
    expires_at INTEGER NOT NULL,             -- nor after
    quote TEXT,
    upto INTEGER NOT NULL,                   -- watermark reached when all parts are sent
    message_id INTEGER,
    planned_at INTEGER NOT NULL,
    finished_at INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,      -- whether a refusal had its consequences
    campaign INTEGER REFERENCES campaigns (id),
    UNIQUE (reader, kind, occasion, part)
);
INSERT INTO "deliveries" VALUES(1,1,'digest','2026-11-25T08:30',1,1,'sent',NULL,NULL,1,1795597284400,1795617000000,'b49aeb19534b8e7a',3,120,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(2,2,'digest','2026-11-25T08:30',1,1,'sent',NULL,NULL,1,1795597284400,1795617000000,'b49aeb19534b8e7a',3,121,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(3,3,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'69ec5bbce898348d',3,123,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(4,4,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'69ec5bbce898348d',3,124,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(5,5,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'b49aeb19534b8e7a',3,125,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(6,6,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'b49aeb19534b8e7a',3,126,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(7,7,'digest','forgotten 7',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,NULL,3,NULL,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(8,8,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'69ec5bbce898348d',3,127,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(9,9,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'69ec5bbce898348d',3,128,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(10,10,'digest','2026-11-25T09:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'b49aeb19534b8e7a',3,129,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(11,11,'digest','2026-11-25T10:00',1,1,'sent',NULL,NULL,1,1795597284400,1795618800000,'69ec5bbce898348d',3,12,1795597284400,1795597284440,0,NULL);
INSERT INTO "deliveries" VALUES(12,1,'digest','2026-11-26T08:30',1,1,'sent',NULL,NULL,1,1795687300800,1795703400000,'69ec5bbce898348d',4,144,1795687300800,1795687300820,0,NULL);
INSERT INTO "deliveries" VALUES(13,2,'digest','2026-11-26T08:30',1,1,'sent',NULL,NULL,1,1795687300800,1795703400000,'69ec5bbce898348d',4,145,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(14,3,'digest','2026-11-26T09:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'b49aeb19534b8e7a',4,146,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(15,6,'digest','2026-11-26T09:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'69ec5bbce898348d',4,147,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(16,8,'digest','2026-11-26T09:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'b49aeb19534b8e7a',4,148,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(17,9,'digest','2026-11-26T09:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'b49aeb19534b8e7a',4,149,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(18,10,'digest','2026-11-26T09:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'69ec5bbce898348d',4,150,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(19,11,'digest','2026-11-26T10:00',1,1,'sent',NULL,NULL,1,1795687300800,1795705200000,'86eaff310ec3be42',4,13,1795687300800,1795687300840,0,NULL);
INSERT INTO "deliveries" VALUES(20,13,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310820,221845392000000,NULL,0,156,1795687309620,1795687310880,0,1);
INSERT INTO "deliveries" VALUES(21,1,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,157,1795687310940,1795687310980,0,1);
INSERT INTO "deliveries" VALUES(22,2,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,158,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(23,3,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,159,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(24,6,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,160,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(25,8,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,161,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(26,9,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,162,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(27,10,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,163,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(28,11,'campaign','campaign 1',1,1,'sent',NULL,NULL,1,1795687310940,221845392000000,NULL,0,14,1795687310940,1795687311000,0,1);
INSERT INTO "deliveries" VALUES(29,1,'digest','2026-11-01T09:00+00:00',1,1,'excluded','late',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(30,1,'digest','2026-11-02T08:00+00:00',1,1,'excluded','merged',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(31,1,'digest','2026-11-02T09:00+00:00',1,1,'excluded','superseded',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(32,1,'digest','2026-11-03T08:00+00:00',1,1,'excluded','nothing_new',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(33,1,'digest','2026-11-03T09:00+00:00',1,1,'excluded','unsubscribed',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(34,1,'digest','2026-11-04T08:00+00:00',1,1,'excluded','suspended',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(35,1,'digest','2026-11-04T09:00+00:00',1,1,'excluded','paused',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(36,1,'digest','2026-11-05T08:00+00:00',1,1,'excluded','restored',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(37,1,'digest','2026-11-05T09:00+00:00',1,1,'excluded','slot_used',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(38,1,'digest','2026-11-06T08:00+00:00',1,1,'excluded','forgotten',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(39,1,'digest','2026-11-06T09:00+00:00',1,1,'excluded','blocked',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(40,1,'digest','2026-11-07T08:00+00:00',1,1,'excluded','removed',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(41,1,'digest','2026-11-07T09:00+00:00',1,1,'excluded','topic',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(42,1,'digest','2026-11-08T08:00+00:00',1,1,'excluded','rights',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(43,1,'digest','2026-11-08T09:00+00:00',1,1,'excluded','gone',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(44,1,'digest','2026-11-09T08:00+00:00',1,1,'excluded','token_refused',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(45,1,'digest','2026-11-09T09:00+00:00',1,1,'excluded','unreachable',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(46,1,'digest','2026-11-10T08:00+00:00',1,1,'excluded','denied','Forbidden: bots can''t send messages to bots',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(47,1,'digest','2026-11-10T09:00+00:00',1,1,'uncertain','program_ended',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(48,1,'digest','2026-11-11T08:00+00:00',1,1,'uncertain','no_answer',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(49,1,'digest','2026-11-11T09:00+00:00',1,1,'uncertain','connection_lost',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(50,1,'digest','2026-11-12T08:00+00:00',1,1,'uncertain','unreadable','HTTP 502',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(51,1,'digest','2026-11-12T09:00+00:00',1,1,'uncertain','stopped',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(52,1,'digest','2026-11-13T08:00+00:00',1,1,'uncertain','fault','KeyError',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(53,1,'digest','2026-11-13T09:00+00:00',1,1,'uncertain','server_error','500',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(54,1,'digest','2026-11-14T08:00+00:00',1,1,'failed','refused','Bad Request: message text is empty',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(55,1,'digest','2026-11-14T09:00+00:00',1,1,'failed','refused','HTTP 400',1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,NULL);
INSERT INTO "deliveries" VALUES(56,1,'campaign','1 cancelled',1,1,'excluded','cancelled',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,1);
INSERT INTO "deliveries" VALUES(57,1,'campaign','1 restored',1,1,'excluded','restored',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,1795780800000,1,1);
INSERT INTO "deliveries" VALUES(58,8,'digest','2026-11-16T08:00+00:00',1,1,'planned',NULL,NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,NULL,0,NULL);
INSERT INTO "deliveries" VALUES(59,9,'digest','2026-11-16T09:00+00:00',1,1,'planned','throttled',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,NULL,0,NULL);
INSERT INTO "deliveries" VALUES(60,10,'digest','2026-11-17T08:00+00:00',1,1,'sending','moved',NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,NULL,0,NULL);
INSERT INTO "deliveries" VALUES(61,12,'notice','suspended 4',1,1,'planned',NULL,NULL,1,1795780800000,1795802400000,NULL,0,NULL,1795780800000,NULL,0,NULL);
CREATE TABLE delivery_articles (             -- what a digest tells of, by its first part
    delivery INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (delivery, article)
) WITHOUT ROWID;
INSERT INTO "delivery_articles" VALUES(1,1);
INSERT INTO "delivery_articles" VALUES(2,1);
INSERT INTO "delivery_articles" VALUES(3,1);
INSERT INTO "delivery_articles" VALUES(4,1);
INSERT INTO "delivery_articles" VALUES(5,1);
INSERT INTO "delivery_articles" VALUES(6,1);
INSERT INTO "delivery_articles" VALUES(8,1);
INSERT INTO "delivery_articles" VALUES(9,1);
INSERT INTO "delivery_articles" VALUES(10,1);
INSERT INTO "delivery_articles" VALUES(11,1);
INSERT INTO "delivery_articles" VALUES(29,1);
INSERT INTO "delivery_articles" VALUES(30,1);
INSERT INTO "delivery_articles" VALUES(31,1);
INSERT INTO "delivery_articles" VALUES(32,1);
INSERT INTO "delivery_articles" VALUES(33,1);
INSERT INTO "delivery_articles" VALUES(34,1);
INSERT INTO "delivery_articles" VALUES(35,1);
INSERT INTO "delivery_articles" VALUES(36,1);
INSERT INTO "delivery_articles" VALUES(37,1);
INSERT INTO "delivery_articles" VALUES(38,1);
INSERT INTO "delivery_articles" VALUES(39,1);
INSERT INTO "delivery_articles" VALUES(40,1);
INSERT INTO "delivery_articles" VALUES(41,1);
INSERT INTO "delivery_articles" VALUES(42,1);
INSERT INTO "delivery_articles" VALUES(43,1);
INSERT INTO "delivery_articles" VALUES(44,1);
INSERT INTO "delivery_articles" VALUES(45,1);
INSERT INTO "delivery_articles" VALUES(46,1);
INSERT INTO "delivery_articles" VALUES(47,1);
INSERT INTO "delivery_articles" VALUES(48,1);
INSERT INTO "delivery_articles" VALUES(49,1);
INSERT INTO "delivery_articles" VALUES(50,1);
INSERT INTO "delivery_articles" VALUES(51,1);
INSERT INTO "delivery_articles" VALUES(52,1);
INSERT INTO "delivery_articles" VALUES(53,1);
INSERT INTO "delivery_articles" VALUES(54,1);
INSERT INTO "delivery_articles" VALUES(55,1);
INSERT INTO "delivery_articles" VALUES(56,1);
INSERT INTO "delivery_articles" VALUES(57,1);
INSERT INTO "delivery_articles" VALUES(58,1);
INSERT INTO "delivery_articles" VALUES(59,1);
INSERT INTO "delivery_articles" VALUES(60,1);
INSERT INTO "delivery_articles" VALUES(1,2);
INSERT INTO "delivery_articles" VALUES(2,2);
INSERT INTO "delivery_articles" VALUES(3,2);
INSERT INTO "delivery_articles" VALUES(4,2);
INSERT INTO "delivery_articles" VALUES(5,2);
INSERT INTO "delivery_articles" VALUES(6,2);
INSERT INTO "delivery_articles" VALUES(8,2);
INSERT INTO "delivery_articles" VALUES(9,2);
INSERT INTO "delivery_articles" VALUES(10,2);
INSERT INTO "delivery_articles" VALUES(11,2);
INSERT INTO "delivery_articles" VALUES(1,3);
INSERT INTO "delivery_articles" VALUES(2,3);
INSERT INTO "delivery_articles" VALUES(3,3);
INSERT INTO "delivery_articles" VALUES(4,3);
INSERT INTO "delivery_articles" VALUES(5,3);
INSERT INTO "delivery_articles" VALUES(6,3);
INSERT INTO "delivery_articles" VALUES(8,3);
INSERT INTO "delivery_articles" VALUES(9,3);
INSERT INTO "delivery_articles" VALUES(10,3);
INSERT INTO "delivery_articles" VALUES(11,3);
INSERT INTO "delivery_articles" VALUES(12,4);
INSERT INTO "delivery_articles" VALUES(13,4);
INSERT INTO "delivery_articles" VALUES(14,4);
INSERT INTO "delivery_articles" VALUES(15,4);
INSERT INTO "delivery_articles" VALUES(16,4);
INSERT INTO "delivery_articles" VALUES(17,4);
INSERT INTO "delivery_articles" VALUES(18,4);
INSERT INTO "delivery_articles" VALUES(19,4);
CREATE TABLE "drafts" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    editor INTEGER,                          -- user id; NULL when the content folder proposes it
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    article INTEGER REFERENCES articles (id),-- the article that has its name, and that it may replace
    saved_at INTEGER NOT NULL
);
INSERT INTO "drafts" VALUES(1,1,'','# Third one

A lead that is long enough to stand here for a while.

## One

> Words to keep of the third.

body text',NULL,1795521674420);
INSERT INTO "drafts" VALUES(3,2,'','# Fourth piece

Another lead that is long enough to stand here for a while.

## One

body',3,1795521678420);
CREATE TABLE editions (                      -- an article's text, rendered; written in pieces, then pointed at
    id INTEGER PRIMARY KEY
);
INSERT INTO "editions" VALUES(1);
INSERT INTO "editions" VALUES(2);
INSERT INTO "editions" VALUES(3);
INSERT INTO "editions" VALUES(4);
CREATE TABLE facts (
    name TEXT PRIMARY KEY,                   -- single values that must survive a restart
    value TEXT NOT NULL
);
INSERT INTO "facts" VALUES('claims','4');
INSERT INTO "facts" VALUES('invitation e2d50e758c535e220527e3afa5b0c205462415959a9b406af91dd5c0e4ac3d9e','1796292125420');
INSERT INTO "facts" VALUES('planned','61');
CREATE TABLE files (                         -- the content folder, as it was last read
    path TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    article INTEGER REFERENCES articles (id)
);
INSERT INTO "files" VALUES('first.md','64eb2004e8a3435b993064624f1a5f45b0e2f78f3a1672dfdb8e4bcb56d31bc4',1);
INSERT INTO "files" VALUES('second.md','01a7329111da6f99b01854ec8a42ffc3eed74b2d28d1735e574f4dfff7c2047f',2);
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,   -- in the order in which it came; the server's ids may jump back
    update_id INTEGER NOT NULL UNIQUE,
    payload TEXT,                            -- as the server sent it; NULL once dealt with
    tries INTEGER NOT NULL DEFAULT 0,        -- starts of the program that have begun to deal with it
    effect INTEGER NOT NULL DEFAULT 0,       -- whether something was written for it
    done INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL
);
INSERT INTO "inbox" VALUES(1,86379273,NULL,1,0,1,1795521600020);
INSERT INTO "inbox" VALUES(2,86379274,NULL,1,0,1,1795521601220);
INSERT INTO "inbox" VALUES(3,86379275,NULL,1,0,1,1795521602420);
INSERT INTO "inbox" VALUES(4,86379276,NULL,1,0,1,1795521603620);
INSERT INTO "inbox" VALUES(5,86379277,NULL,1,0,1,1795521604820);
INSERT INTO "inbox" VALUES(6,86379287,NULL,0,1,1,1795521616820);
INSERT INTO "inbox" VALUES(7,86379302,NULL,0,1,1,1795521634820);
INSERT INTO "inbox" VALUES(8,86379319,NULL,0,1,1,1795521640820);
INSERT INTO "inbox" VALUES(9,86379326,NULL,0,1,1,1795521642920);
INSERT INTO "inbox" VALUES(10,86379328,NULL,0,1,1,1795521643520);
INSERT INTO "inbox" VALUES(11,86379330,NULL,0,1,1,1795521644120);
INSERT INTO "inbox" VALUES(12,86379331,NULL,0,1,1,1795521644420);
INSERT INTO "inbox" VALUES(13,86379332,NULL,0,1,1,1795521644720);
INSERT INTO "inbox" VALUES(14,86379333,NULL,0,1,1,1795521645020);
INSERT INTO "inbox" VALUES(15,86379334,NULL,0,1,1,1795521645320);
INSERT INTO "inbox" VALUES(16,86379347,NULL,0,1,1,1795521649220);
INSERT INTO "inbox" VALUES(17,86379348,NULL,0,1,1,1795521650420);
INSERT INTO "inbox" VALUES(18,86379349,NULL,0,1,1,1795521651620);
INSERT INTO "inbox" VALUES(19,86379350,NULL,0,1,1,1795521652820);
INSERT INTO "inbox" VALUES(20,86379351,NULL,0,1,1,1795521654020);
INSERT INTO "inbox" VALUES(21,86379352,NULL,0,1,1,1795521655220);
INSERT INTO "inbox" VALUES(22,86379353,NULL,0,1,1,1795521656420);
INSERT INTO "inbox" VALUES(23,86379354,NULL,0,1,1,1795521657620);
INSERT INTO "inbox" VALUES(24,86379355,NULL,0,1,1,1795521658820);
INSERT INTO "inbox" VALUES(25,86379356,NULL,0,1,1,1795521660020);
INSERT INTO "inbox" VALUES(26,86379357,NULL,0,1,1,1795521661220);
INSERT INTO "inbox" VALUES(27,86379361,NULL,0,1,1,1795521664820);
INSERT INTO "inbox" VALUES(28,86379369,NULL,0,1,1,1795521674420);
INSERT INTO "inbox" VALUES(29,86379370,NULL,0,1,1,1795521675620);
INSERT INTO "inbox" VALUES(30,86379371,NULL,0,1,1,1795521676820);
INSERT INTO "inbox" VALUES(31,86379372,NULL,0,1,1,1795521678420);
INSERT INTO "inbox" VALUES(32,86379374,NULL,0,1,1,1795521680820);
INSERT INTO "inbox" VALUES(33,86379376,NULL,0,1,1,1795521683220);
INSERT INTO "inbox" VALUES(34,86379379,NULL,0,1,1,1795600890820);
INSERT INTO "inbox" VALUES(35,86379380,NULL,0,1,1,1795600890820);
INSERT INTO "inbox" VALUES(36,86379384,NULL,0,1,1,1795600895620);
INSERT INTO "inbox" VALUES(37,86379386,NULL,0,1,1,1795600898020);
INSERT INTO "inbox" VALUES(38,86379387,NULL,0,1,1,1795600899220);
INSERT INTO "inbox" VALUES(39,86379389,NULL,0,1,1,1795687304020);
INSERT INTO "inbox" VALUES(40,86379390,NULL,0,1,1,1795687307220);
INSERT INTO "inbox" VALUES(41,86379391,NULL,0,1,1,1795687308420);
INSERT INTO "inbox" VALUES(42,86379392,NULL,0,1,1,1795687309620);
INSERT INTO "inbox" VALUES(43,86379393,NULL,0,1,1,1795687310820);
INSERT INTO "inbox" VALUES(44,86379395,NULL,0,1,1,1795687315020);
INSERT INTO "inbox" VALUES(45,86379402,NULL,0,1,1,1795687325420);
INSERT INTO "inbox" VALUES(46,86379403,NULL,0,1,1,1795687326620);
INSERT INTO "inbox" VALUES(47,1000001,'{"update_id": 1000001, "message": {"message_id": 900, "date": 1795780800, "chat": {"id": 11, "type": "private", "first_name": "Ada"}, "from": {"id": 11, "is_bot": false, "first_name": "Ada", "language_code": "en"}, "text": "/quote", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}}',0,0,0,1795780800000);
CREATE TABLE pages (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    section INTEGER NOT NULL,
    number INTEGER NOT NULL,                 -- within the section, from 0
    body TEXT NOT NULL,
    PRIMARY KEY (edition, section, number)
) WITHOUT ROWID;
INSERT INTO "pages" VALUES(1,0,0,'["The lead of the first one is long enough."]');
INSERT INTO "pages" VALUES(1,1,0,'["Words of the first.", ["blockquote", 0, 19, null, null]]');
INSERT INTO "pages" VALUES(1,2,0,'["deep"]');
INSERT INTO "pages" VALUES(1,3,0,'["word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word"]');
INSERT INTO "pages" VALUES(1,3,1,'["word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word"]');
INSERT INTO "pages" VALUES(2,0,0,'["这是第二篇文章的导语，写得足够长，可以代表全文的内容。"]');
INSERT INTO "pages" VALUES(2,1,0,'["第二篇里的话，很好。\n正文", ["blockquote", 0, 10, null, null]]');
INSERT INTO "pages" VALUES(3,0,0,'["A lead that is long enough to stand here for a while."]');
INSERT INTO "pages" VALUES(3,1,0,'["Words to keep of the fourth.\nbody", ["blockquote", 0, 28, null, null]]');
INSERT INTO "pages" VALUES(4,0,0,'["A lead that is long enough to stand here too."]');
INSERT INTO "pages" VALUES(4,1,0,'["body"]');
CREATE TABLE payloads (                      -- messages that are not final yet
    delivery INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);
INSERT INTO "payloads" VALUES(58,'{"text": "A digest that waits", "entities": [], "buttons": []}');
INSERT INTO "payloads" VALUES(59,'{"text": "A digest that waits longer", "entities": [], "buttons": []}');
INSERT INTO "payloads" VALUES(60,'{"text": "In flight at the end", "entities": [], "buttons": []}');
INSERT INTO "payloads" VALUES(61,'{"text": "A notice that waits", "entities": [], "buttons": []}');
CREATE TABLE people (
    "user" INTEGER PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor')),
    name TEXT NOT NULL,
    since INTEGER NOT NULL
);
INSERT INTO "people" VALUES(2,'editor','Edda',1795521600000);
CREATE TABLE quotes (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    id TEXT NOT NULL,                        -- a hash of its words: the same in every article
    text TEXT NOT NULL,
    body TEXT NOT NULL,
    speaker TEXT,
    url TEXT,
    section TEXT NOT NULL,
    PRIMARY KEY (edition, id)
) WITHOUT ROWID;
INSERT INTO "quotes" VALUES(1,'b49aeb19534b8e7a','Words of the first.','["Words of the first."]',NULL,NULL,'eyvmyd');
INSERT INTO "quotes" VALUES(2,'86eaff310ec3be42','第二篇里的话，很好。','["第二篇里的话，很好。"]',NULL,NULL,'tdkkiz');
INSERT INTO "quotes" VALUES(3,'69ec5bbce898348d','Words to keep of the fourth.','["Words to keep of the fourth."]',NULL,NULL,'eyvmyd');
CREATE TABLE readers (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,        -- 0 outside topics
    kind TEXT NOT NULL,                      -- private, group, channel
    language TEXT NOT NULL,
    zone TEXT,                               -- IANA; NULL until the reader has said
    times TEXT NOT NULL,                     -- '08:00,20:30'
    days TEXT NOT NULL,                      -- ISO weekdays, '12345'
    subscribed INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,                         -- due; NULL unless subscribed and not suspended
    suspended TEXT,                          -- why nothing is sent
    watermark INTEGER NOT NULL,              -- the highest `news` they have been told of
    news_limit INTEGER,                      -- articles in their next digest, while a refused one is looked for
    quote_round INTEGER NOT NULL DEFAULT 0,
    quote_place TEXT NOT NULL DEFAULT '',
    listed TEXT NOT NULL DEFAULT '{}',       -- what each number means in the list last shown
    awaiting TEXT,                           -- what the next words of this chat answer
    met_at INTEGER NOT NULL, parts TEXT NOT NULL DEFAULT 'news,leads,quote', only_new INTEGER NOT NULL DEFAULT 0, paused_until TEXT, language_chosen INTEGER NOT NULL DEFAULT 0, set_up_by INTEGER, forgotten_at INTEGER, title TEXT NOT NULL DEFAULT '', suspension_told INTEGER NOT NULL DEFAULT 0, active_at INTEGER NOT NULL DEFAULT 0, suspended_at INTEGER,
    UNIQUE (chat, topic)
);
INSERT INTO "readers" VALUES(1,11,0,'private','en','Europe/London','08:30','1234567',1,1795768200000,NULL,4,NULL,1,'ac38c9102c317ac24','{"1": 2, "2": 1}',NULL,1795521600040,'leads,news,quote',1,NULL,0,NULL,NULL,'',0,1795521628740,NULL);
INSERT INTO "readers" VALUES(2,12,0,'private','zh','Europe/London','08:30','1234567',1,1795768200000,NULL,4,NULL,0,'bb93be7da143ff656','{"1": 2, "2": 1}',NULL,1795521618020,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795521628740,NULL);
INSERT INTO "readers" VALUES(3,20,0,'private','en','Europe/London','09:00','1234567',1,1795770000000,NULL,4,NULL,0,'a8e9af936069dabbd','{}','zone 8:30 weekdays',1795521651620,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795521656720,NULL);
INSERT INTO "readers" VALUES(4,21,0,'private','en','Europe/London','09:00','1234567',1,NULL,'blocked',3,NULL,0,'a214c7828de9e05a9','{}',NULL,1795521652820,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795687300800,1795600890820);
INSERT INTO "readers" VALUES(5,22,0,'private','en','Europe/London','09:00','1234567',0,NULL,NULL,3,NULL,0,'a5320fe363eb8adbc','{}',NULL,1795521654020,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795687300800,NULL);
INSERT INTO "readers" VALUES(6,23,0,'private','en','Europe/London','08:30,20:00','12345',1,1795770000000,NULL,4,NULL,0,'a8e843fd7996043bf','{}',NULL,1795521655220,'news,quote',1,'2026-12-24',0,NULL,NULL,'',0,1795687300800,NULL);
INSERT INTO "readers" VALUES(7,0,7,'private','en',NULL,'08:00','1234567',0,NULL,NULL,0,NULL,0,'','{}',NULL,0,'news',0,NULL,0,NULL,1795600895620,'',0,0,NULL);
INSERT INTO "readers" VALUES(8,25,0,'private','en','Europe/London','09:00','1234567',1,1795939200000,NULL,4,NULL,0,'aa25aa100764806c4','{}','settings 8 times',1795521657620,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795597284400,NULL);
INSERT INTO "readers" VALUES(9,26,0,'private','en','Europe/London','09:00','1234567',1,1795939200000,NULL,4,NULL,0,'ac01e21e49106a41e','{}',NULL,1795521658820,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795597284400,NULL);
INSERT INTO "readers" VALUES(10,27,0,'private','en','Europe/London','09:00','1234567',1,1795939200000,NULL,4,NULL,0,'afc3b0e6fe7c5229b','{}',NULL,1795521660020,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795597284400,NULL);
INSERT INTO "readers" VALUES(11,-100,0,'group','en','Europe/Berlin','10:00','1234567',1,1795770000000,NULL,4,NULL,0,'b12500a63e1ae121b','{}',NULL,1795521663640,'news,leads,quote',0,NULL,0,11,NULL,'Club',0,1795597284400,NULL);
INSERT INTO "readers" VALUES(12,1,0,'private','en',NULL,'08:00','1234567',0,NULL,NULL,0,NULL,0,'','{}',NULL,1795521669620,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795687314000,NULL);
INSERT INTO "readers" VALUES(13,2,0,'private','en',NULL,'08:00','1234567',0,NULL,NULL,0,NULL,0,'','{"1": 3, "2": 1, "3": 2}','article',1795521675640,'news,leads,quote',0,NULL,0,NULL,NULL,'',0,1795597284400,NULL);
CREATE TABLE sections (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                 -- in reading order, from 0
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    depth INTEGER NOT NULL,
    path TEXT NOT NULL,
    below TEXT NOT NULL,
    pages INTEGER NOT NULL, url TEXT,
    PRIMARY KEY (edition, number),
    UNIQUE (edition, id)
) WITHOUT ROWID;
INSERT INTO "sections" VALUES(1,0,'rnejfk','',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(1,1,'eyvmyd','One',0,'[]','[["qtqzdb", "Deep"]]',1,NULL);
INSERT INTO "sections" VALUES(1,2,'qtqzdb','Deep',1,'["One"]','[]',1,'https://deep.example');
INSERT INTO "sections" VALUES(1,3,'rjm2z3','Two',0,'[]','[]',2,NULL);
INSERT INTO "sections" VALUES(2,0,'rnejfk','',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(2,1,'tdkkiz','一',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(3,0,'rnejfk','',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(3,1,'eyvmyd','One',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(4,0,'rnejfk','',0,'[]','[]',1,NULL);
INSERT INTO "sections" VALUES(4,1,'eyvmyd','One',0,'[]','[]',1,NULL);
CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL,                 -- from 1
    text TEXT NOT NULL,                      -- the Markdown document, whole
    hash TEXT NOT NULL,
    editor INTEGER,                          -- user id; NULL for the content folder
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (article, number)
);
INSERT INTO "versions" VALUES(1,1,'# First things

The lead of the first one is long enough.

## One

> Words of the first.

### [Deep](https://deep.example)

deep

## Two

word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word ','64eb2004e8a3435b993064624f1a5f45b0e2f78f3a1672dfdb8e4bcb56d31bc4',NULL,1795521600000);
INSERT INTO "versions" VALUES(2,1,'# 第二篇文章

> 来源：某报

这是第二篇文章的导语，写得足够长，可以代表全文的内容。

## 一

> 第二篇里的话，很好。

正文','01a7329111da6f99b01854ec8a42ffc3eed74b2d28d1735e574f4dfff7c2047f',NULL,1795521600000);
INSERT INTO "versions" VALUES(3,1,'# Fourth piece

A lead that is long enough to stand here for a while.

## One

> Words to keep of the fourth.

body','09c1353a3dadada7ad955162443999607cfc93a9e85c303c7546a4be2dc04727',2,1795521676840);
INSERT INTO "versions" VALUES(4,1,'# Fifth

A lead that is long enough to stand here too.

## One

body','74e5377f863526f3efd6ea21e9f1a6cc28349bb000e7d306adf6917595366aea',1,1795600899240);
CREATE INDEX readers_due ON readers (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX readers_untold ON readers (id)
WHERE suspended IS NOT NULL AND set_up_by IS NOT NULL AND suspension_told = 0;
CREATE INDEX readers_set_up ON readers (set_up_by) WHERE set_up_by IS NOT NULL;
CREATE UNIQUE INDEX campaigns_open ON campaigns ((1)) WHERE state NOT IN ('done', 'cancelled');
CREATE INDEX inbox_open ON inbox (seq) WHERE done = 0;
CREATE INDEX inbox_done ON inbox (received_at) WHERE done = 1;
CREATE INDEX delivery_articles_by_article ON delivery_articles (article);
CREATE INDEX deliveries_waiting ON deliveries (due_at, id) WHERE state = 'planned';
CREATE INDEX deliveries_sending ON deliveries (reader) WHERE state = 'sending';
CREATE INDEX deliveries_refused ON deliveries (id) WHERE state = 'failed' AND settled = 0;
CREATE INDEX deliveries_of_reader ON deliveries (reader, planned_at) WHERE state = 'planned';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('drafts',4);
INSERT INTO "sqlite_sequence" VALUES('inbox',47);
INSERT INTO "sqlite_sequence" VALUES('campaigns',2);
COMMIT;
PRAGMA user_version = 13;
