-- +goose Up

-- The one request of each instance to have the store make keys. The token goes to the store and comes back with the keys, once.
CREATE TABLE tandem.authorizations (
    instance    text PRIMARY KEY REFERENCES tandem.instances ON DELETE CASCADE,
    token       bytea NOT NULL,       -- its SHA-256
    store_url   text NOT NULL,        -- keys of another store are not taken
    scope       text NOT NULL,        -- what was asked for
    permissions text NOT NULL DEFAULT '', -- what the store gave
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    granted_at  timestamptz
);
