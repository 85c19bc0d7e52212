-- Who may write: the process with the newest epoch, until `until` by the server's clock (bot/db/postgres/lease.py).

CREATE TABLE IF NOT EXISTS lease (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL,                   -- counted up by each process that takes it
    holder TEXT COLLATE "C" NOT NULL,        -- for people
    until TIMESTAMPTZ NOT NULL
);

INSERT INTO lease (id, epoch, holder, until) VALUES (1, 0, '', '-infinity') ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS standbys (
    name TEXT COLLATE "C" PRIMARY KEY,
    seen_at TIMESTAMPTZ NOT NULL
);

CREATE OR REPLACE FUNCTION fence(BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT epoch FROM lease) <> $1 THEN
        RAISE EXCEPTION 'another process has the lease' USING ERRCODE = 'ADB01';
    END IF;
END $$;
