-- +goose Up

-- People who sign in on the page. Their passwords are kept as argon2id hashes.
CREATE TABLE tandem.users (
    id              uuid PRIMARY KEY,
    email           text NOT NULL CHECK (email <> ''),
    name            text NOT NULL CHECK (name <> ''),
    role            text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    password        text NOT NULL CHECK (password <> ''),
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_sign_in_at timestamptz,
    disabled_at     timestamptz
);
CREATE UNIQUE INDEX users_email ON tandem.users (lower(email));

-- Where people are signed in. A session's cookie has 256 random bits, of which only a hash is kept.
CREATE TABLE tandem.sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES tandem.users ON DELETE CASCADE,
    hash         bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_user ON tandem.sessions (user_id);
CREATE INDEX sessions_age ON tandem.sessions (last_used_at);

-- Failed attempts to sign in, by a hash of the address that was given: whether there is such a user must not show.
CREATE TABLE tandem.sign_in_failures (
    email_hash bytea PRIMARY KEY,
    failures   integer NOT NULL,
    next_at    timestamptz NOT NULL, -- when the next attempt is allowed
    last_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failures_age ON tandem.sign_in_failures (last_at);
