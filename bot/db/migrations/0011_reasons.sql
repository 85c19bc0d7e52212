-- Reasons are codes now; what Telegram said in its own words stands beside them.

ALTER TABLE deliveries ADD COLUMN detail TEXT;           -- Telegram's own words, or a fault's name

UPDATE deliveries SET
    detail = CASE
        WHEN reason LIKE 'no readable answer (%' THEN trim(substr(reason, 20), '()')
        WHEN reason LIKE 'error % of Telegram' THEN trim(substr(reason, 7, 3))
        WHEN state = 'failed' AND reason <> 'the group keeps moving' THEN reason
        WHEN state = 'uncertain' AND reason NOT IN ('the program ended while it was sent', 'no answer in time',
            'the connection was lost', 'stopped') THEN reason
        WHEN state = 'excluded' AND reason NOT IN ('late', 'merged', 'superseded', 'nothing to tell',
            'unsubscribed', 'suspended', 'paused', 'restored', 'this slot was used before', 'cancelled',
            'forgotten', 'blocked', 'removed', 'rights', 'topic', 'gone', 'the token was refused',
            'Telegram could not be reached', 'throttled') THEN reason
    END,
    reason = CASE
        WHEN reason = 'nothing to tell' THEN 'nothing_new'
        WHEN reason = 'this slot was used before' THEN 'slot_used'
        WHEN reason = 'the token was refused' THEN 'token_refused'
        WHEN reason = 'Telegram could not be reached' THEN 'unreachable'
        WHEN reason = 'no answer in time' THEN 'no_answer'
        WHEN reason = 'the connection was lost' THEN 'connection_lost'
        WHEN reason = 'the program ended while it was sent' THEN 'program_ended'
        WHEN reason = 'the group keeps moving' THEN 'keeps_moving'
        WHEN reason = 'the group became a supergroup' THEN 'moved'
        WHEN reason = 'Telegram takes no more just now' THEN 'postponed'
        WHEN reason = 'it did not leave yet' THEN 'put_back'
        WHEN reason LIKE 'no readable answer (%' THEN 'unreadable'
        WHEN reason LIKE 'error % of Telegram' THEN 'server_error'
        WHEN state = 'failed' THEN 'refused'
        WHEN state = 'uncertain' AND reason <> 'stopped' THEN 'fault'
        WHEN state = 'excluded' AND reason = 'throttled' THEN 'cancelled'  -- by an earlier version, in flight
        WHEN state = 'excluded' AND reason NOT IN ('late', 'merged', 'superseded', 'unsubscribed', 'suspended',
            'paused', 'restored', 'cancelled', 'forgotten', 'blocked', 'removed', 'rights', 'topic', 'gone')
            THEN 'denied'
        ELSE reason
    END
WHERE reason IS NOT NULL;
