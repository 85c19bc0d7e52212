-- Private chats and basic groups share one sequence of message ids: what is known of it tells, of a message whose
-- answer never came, which ids it may have.
CREATE TABLE known_ids (                     -- of messages by the bot and to it, as far back as anybody may ask
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
);

ALTER TABLE deliveries ADD COLUMN after_id INTEGER;  -- the highest id known when it last left; NULL before
