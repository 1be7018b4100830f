-- +goose Up

-- What is known of an instance's webhooks: one per topic. Their secrets are sealed with the instance's credentials.
CREATE TABLE tandem.webhooks (
    instance         text REFERENCES tandem.instances,
    topic            text CHECK (topic <> ''), -- e.g. order.updated
    hook_id          text NOT NULL DEFAULT '', -- the store's; empty until it was created
    wanted           text NOT NULL DEFAULT '' CHECK (wanted IN ('', 'active', 'paused', 'disabled')), -- as a person chose
    status           text NOT NULL DEFAULT '' CHECK (status IN ('', 'active', 'paused', 'disabled', 'missing')), -- in the store, as last seen
    delivery_url     text NOT NULL DEFAULT '',
    problem          text NOT NULL DEFAULT '', -- what is wrong with it and what to do; empty when nothing is
    created_at       timestamptz, -- in the store
    checked_at       timestamptz, -- when the store was last asked
    pinged_at        timestamptz,
    last_delivery_at timestamptz, -- a good one; a few seconds coarse, so that deliveries do not queue for this row
    refused          integer NOT NULL DEFAULT 0, -- deliveries with a wrong or no signature since the secret was set
    refused_at       timestamptz,
    refused_reason   text NOT NULL DEFAULT '',
    PRIMARY KEY (instance, topic)
);

-- What became of a delivery: done means that the record was read and landed, not only that somebody tried.
ALTER TABLE tandem.inbox
    ADD COLUMN entity      text NOT NULL DEFAULT '', -- to be read again; empty when there is nothing to read
    ADD COLUMN record_id   text NOT NULL DEFAULT '', -- of a variation, its product's; empty: all changes of the entity
    ADD COLUMN hook_id     text NOT NULL DEFAULT '', -- of the last one that delivered it
    ADD COLUMN delivery_id text NOT NULL DEFAULT '', -- the store's, for its log
    ADD COLUMN state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'in_progress', 'done', 'parked', 'failed')),
    ADD COLUMN times       integer NOT NULL DEFAULT 1, -- how often the same came
    ADD COLUMN last_at     timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN attempts    integer NOT NULL DEFAULT 0, -- since it was received or last replayed
    ADD COLUMN code        text NOT NULL DEFAULT '',
    ADD COLUMN reason      text NOT NULL DEFAULT '',
    ADD COLUMN settled_at  timestamptz;
DROP INDEX tandem.inbox_waiting;
CREATE INDEX inbox_open ON tandem.inbox (instance, id) WHERE state <> 'done';
CREATE INDEX inbox_list ON tandem.inbox (instance, id);
CREATE INDEX inbox_operation ON tandem.inbox (operation) WHERE operation IS NOT NULL;
CREATE INDEX inbox_received ON tandem.inbox USING brin (received_at);

-- Whether the store still has the record. Landing it again sets it back.
ALTER TABLE tandem.links ADD COLUMN store_state text NOT NULL DEFAULT '' CHECK (store_state IN ('', 'trashed', 'deleted'));
