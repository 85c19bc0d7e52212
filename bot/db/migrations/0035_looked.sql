-- What was looked for is kept over a start: counting it is not enough to go on where the one before left off.
CREATE TABLE looked (                        -- ids that were looked for in vain, of messages in doubt
    delivery INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (delivery, message_id)
);

ALTER TABLE deliveries DROP COLUMN tries;
