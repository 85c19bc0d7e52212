-- No reader has two messages on their way: what was a rule of claiming is one of the database.

-- Should a crash have left two, the later one is as any that a crash leaves.
UPDATE deliveries SET state = 'uncertain', reason = 'program_ended', finished_at = planned_at
WHERE state = 'sending' AND EXISTS (
    SELECT 1 FROM deliveries AS other
    WHERE other.reader = deliveries.reader AND other.state = 'sending' AND other.id < deliveries.id);
DELETE FROM payloads WHERE delivery IN (SELECT id FROM deliveries WHERE state = 'uncertain');

DROP INDEX deliveries_sending;
CREATE UNIQUE INDEX deliveries_sending ON deliveries (reader) WHERE state = 'sending';
