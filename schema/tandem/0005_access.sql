-- +goose Up

-- API tokens. Only a hash is kept: a token has 256 random bits, so a fast hash is enough.
CREATE TABLE tandem.api_tokens (
    id           uuid PRIMARY KEY,
    name         text NOT NULL CHECK (name <> ''),
    scope        text NOT NULL CHECK (scope IN ('viewer', 'operator', 'admin')),
    prefix       text NOT NULL,
    hash         bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at   timestamptz,
    revoked_at   timestamptz
);

-- Answers to requests that may be sent twice.
CREATE TABLE tandem.idempotency_keys (
    principal    text,
    key          text,
    request_hash bytea NOT NULL,
    subject      uuid NOT NULL, -- what the request creates is named after it
    status       integer,       -- null while the request is being worked on
    location     text NOT NULL DEFAULT '',
    body         bytea NOT NULL DEFAULT '',
    claimed_at   timestamptz NOT NULL DEFAULT now(),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_keys_age ON tandem.idempotency_keys (created_at);

-- What an image's bytes were when it was last fetched, so that it is fetched again only when the store changed it.
CREATE TABLE tandem.image_digests (
    url_hash bytea PRIMARY KEY, -- sha256: addresses may be longer than an index allows
    modified timestamptz NOT NULL,
    digest   text NOT NULL,
    type     text NOT NULL,
    size     bigint NOT NULL
);
