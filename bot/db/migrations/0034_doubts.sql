-- Of a message whose answer never came, it is found out whether it arrived.
ALTER TABLE deliveries ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;  -- of what had no answer: 1 it is being found out,
                                             -- 2 it had arrived, 3 it had not, 4 it could not be found out
ALTER TABLE deliveries ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;  -- ids that were looked for to find that out
ALTER TABLE deliveries ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;  -- how often it was then planned again
CREATE INDEX deliveries_doubt ON deliveries (reader) WHERE doubt = 1;

CREATE TABLE markers (                       -- messages that show which ids are given now, until they are deleted
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    after_id INTEGER NOT NULL,               -- the highest id known when it left
    message_id INTEGER                       -- NULL while its answer has not come
);

CREATE TABLE strays (                        -- chats that may have a message of the bot's whose id nobody knows
    chat INTEGER PRIMARY KEY,
    at INTEGER NOT NULL                      -- when the last one left, or a little later
);
