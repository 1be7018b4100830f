-- +goose Up

-- One row per record and operation. There are no foreign keys here: pages of a hundred rows are written all day long.
CREATE TABLE tandem.queue_jobs (
    id             bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    operation      uuid NOT NULL,
    instance       text NOT NULL,
    entity         text NOT NULL,
    woo_id         text NOT NULL,
    key            text NOT NULL GENERATED ALWAYS AS (instance || '/' || entity || '/' || woo_id) STORED,
    state          text NOT NULL CHECK (state IN ('waiting', 'in_progress', 'done', 'failed', 'parked')),
    outcome        text NOT NULL DEFAULT '',
    counted        text NOT NULL DEFAULT '', -- the outcome the progress row counts for this job
    counted_before text NOT NULL DEFAULT '', -- the one it counted until the last result
    code           text NOT NULL DEFAULT '',
    reason         text NOT NULL DEFAULT '',
    waits          text[] NOT NULL DEFAULT '{}',
    attempts       integer NOT NULL,
    duration_us    bigint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    woken_at       timestamptz, -- when something it waited for landed
    claimed_at     timestamptz, -- when an operation took it to try again
    UNIQUE (instance, entity, woo_id, operation)
);
CREATE INDEX queue_jobs_open_key ON tandem.queue_jobs (key) WHERE state IN ('waiting', 'failed', 'parked');
CREATE INDEX queue_jobs_entity ON tandem.queue_jobs (instance, entity, id);
CREATE INDEX queue_jobs_operation ON tandem.queue_jobs (operation, id);
CREATE INDEX queue_jobs_open ON tandem.queue_jobs (instance, state, id) WHERE state <> 'done';

-- Which job waits for which record, found by the record. Rows may outlive their job's wait; waking twice is harmless.
CREATE TABLE tandem.job_waits (
    key text,
    job bigint REFERENCES tandem.queue_jobs ON DELETE CASCADE,
    PRIMARY KEY (key, job)
);
CREATE INDEX job_waits_job ON tandem.job_waits (job);

-- Records as the store sent them: the only place with customers' personal data.
CREATE TABLE tandem.raw_records (
    instance   text,
    entity     text,
    woo_id     text,
    digest     bytea NOT NULL, -- sha256 of raw: an equal one is not written again
    raw        bytea COMPRESSION lz4 NOT NULL,
    modified   timestamptz,
    type       text NOT NULL,
    status     text NOT NULL,
    fetched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, entity, woo_id)
);
CREATE INDEX raw_records_age ON tandem.raw_records (fetched_at);

-- Store records paired with ERP records. last_synced_at changes with every comparison; no index may hold it.
CREATE TABLE tandem.links (
    id             bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance       text NOT NULL,
    entity         text NOT NULL,
    woo_id         text NOT NULL,
    woo_type       text NOT NULL,
    erp_id         text NOT NULL,
    state          text NOT NULL CHECK (state IN ('synchronised', 'unsynchronised')),
    digest         text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    store_modified timestamptz,
    last_synced_at timestamptz,
    UNIQUE (instance, entity, woo_id)
) WITH (fillfactor = 80);
CREATE INDEX links_entity ON tandem.links (instance, entity, id);
CREATE INDEX links_unsynchronised ON tandem.links (instance, id) WHERE state = 'unsynchronised';

-- Every attempt is a line. Ids grow with time, so lists are ordered by them.
CREATE TABLE tandem.logs (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job         bigint, -- null for a step of an order
    operation   uuid,   -- null for a step of an order
    instance    text NOT NULL,
    entity      text NOT NULL,
    woo_id      text NOT NULL,
    status      text NOT NULL,
    before      text NOT NULL,
    after       text NOT NULL,
    steps       text[] NOT NULL,
    duration_us bigint NOT NULL,
    error_kind  text NOT NULL,
    code        text NOT NULL,
    message     text NOT NULL,
    workflow_id text NOT NULL,
    run_id      text NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX logs_entity ON tandem.logs (instance, entity, id);
CREATE INDEX logs_record ON tandem.logs (instance, woo_id, id);
CREATE INDEX logs_operation ON tandem.logs (operation, id) WHERE operation IS NOT NULL;
CREATE INDEX logs_problems ON tandem.logs (instance, status, id) WHERE status IN ('parked', 'failed');
CREATE INDEX logs_at ON tandem.logs USING brin (at);
