-- What became of deliveries whose rows were old and are gone.
CREATE TABLE ledger_sums (
    day INTEGER NOT NULL,                    -- on which they were planned: whole days since 1970 (UTC)
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,                    -- '' for none
    number INTEGER NOT NULL,
    PRIMARY KEY (day, kind, state, reason)
) WITHOUT ROWID;
