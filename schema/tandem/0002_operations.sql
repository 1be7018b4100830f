-- +goose Up
CREATE TABLE tandem.operations (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    direction    text NOT NULL,
    instances    text[] NOT NULL,
    entities     text[] NOT NULL,
    filter       jsonb NOT NULL,
    state        text NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'failed', 'cancelled')),
    requested_by text NOT NULL,
    trigger      text NOT NULL,
    error        text NOT NULL DEFAULT '',
    error_kind   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at   timestamptz,
    finished_at  timestamptz
);
CREATE INDEX operations_newest ON tandem.operations (created_at, id);
CREATE INDEX operations_state ON tandem.operations (state, created_at, id);

-- Progress per instance and entity. Every page of records updates its row; the free space keeps that in place.
CREATE TABLE tandem.operation_progress (
    operation   uuid REFERENCES tandem.operations ON DELETE CASCADE,
    instance    text,
    entity      text,
    state       text NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'failed', 'cancelled')),
    total       integer NOT NULL DEFAULT 0,
    read        integer NOT NULL DEFAULT 0,
    created     integer NOT NULL DEFAULT 0,
    updated     integer NOT NULL DEFAULT 0,
    unchanged   integer NOT NULL DEFAULT 0,
    parked      integer NOT NULL DEFAULT 0,
    failed      integer NOT NULL DEFAULT 0,
    requests    bigint NOT NULL DEFAULT 0,
    cursor      jsonb, -- everything before it is done
    error       text NOT NULL DEFAULT '',
    error_kind  text NOT NULL DEFAULT '',
    started_at  timestamptz,
    landed_at   timestamptz, -- when a page was last finished
    finished_at timestamptz,
    PRIMARY KEY (operation, instance, entity)
) WITH (fillfactor = 50);
CREATE INDEX operation_progress_instance ON tandem.operation_progress (instance, entity);

-- Up to when an instance's records of an entity were read, by the store's clock.
CREATE TABLE tandem.watermarks (
    instance   text REFERENCES tandem.instances,
    entity     text,
    seen_until timestamptz NOT NULL,
    PRIMARY KEY (instance, entity)
);
