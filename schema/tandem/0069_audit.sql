-- +goose Up

-- Who changed or started what, when and from where. It outlives users and tokens, and holds no request's content.
CREATE TABLE tandem.audit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'token', 'local', 'command', 'anonymous')),
    actor_id   text NOT NULL, -- of the user or token
    actor      text NOT NULL, -- what it was called
    address    text NOT NULL, -- of the client; empty for a command that writes to the database
    instance   text NOT NULL, -- that it was about; empty where it was none, or several
    action     text NOT NULL, -- the operation of the API, or the command
    target     text NOT NULL, -- the path, e.g. /instances/myshop/activate
    status     integer NOT NULL, -- of the reply; 0 for a command
    request_id text NOT NULL
);
CREATE INDEX audit_at ON tandem.audit (at);
CREATE INDEX audit_actor ON tandem.audit (actor_id, id);
CREATE INDEX audit_instance ON tandem.audit (instance, id);
