-- +goose Up

-- One row per order that a sale workflow moves on.
CREATE TABLE tandem.order_runs (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance    text NOT NULL,
    woo_id      text NOT NULL,
    erp_id      text NOT NULL,
    state       text NOT NULL CHECK (state IN ('due', 'running', 'blocked', 'paused', 'done', 'cancelled')),
    step        text NOT NULL DEFAULT '', -- the step it is at, or ended with
    plan        jsonb NOT NULL,
    next_plan   jsonb, -- asked for while another plan was under way
    rests_until timestamptz NOT NULL DEFAULT '-infinity', -- a run that is due again is not started before
    code        text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (instance, woo_id)
) WITH (fillfactor = 70);
CREATE INDEX order_runs_state ON tandem.order_runs (instance, state, id);

CREATE TABLE tandem.order_steps (
    run         bigint REFERENCES tandem.order_runs ON DELETE CASCADE,
    name        text,
    position    bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- steps are shown in the order they were first tried
    state       text NOT NULL,
    before      text NOT NULL,
    after       text NOT NULL,
    code        text NOT NULL,
    error       text NOT NULL,
    activity    text NOT NULL, -- Temporal's id of it in the run: a step tried again after it was blocked is another one
    attempt     integer NOT NULL,
    workflow_id text NOT NULL,
    run_id      text NOT NULL,
    duration_us bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, name)
) WITH (fillfactor = 70);
