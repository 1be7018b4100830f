-- +goose Up

-- An operation may also look for records that both sides have already ('match'), or tie those that were found to each other ('link').
ALTER TABLE tandem.operation_progress DROP CONSTRAINT operation_progress_direction_check;
ALTER TABLE tandem.operation_progress ADD CONSTRAINT operation_progress_direction_check
    CHECK (direction IN ('import', 'export', 'match', 'link'));

-- The records of both sides that a matching read, and what came out of each.
CREATE TABLE tandem.match_records (
    id        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    operation uuid NOT NULL REFERENCES tandem.operations ON DELETE CASCADE,
    instance  text NOT NULL,
    entity    text NOT NULL,
    side      text NOT NULL CHECK (side IN ('store', 'erp')),
    record_id text NOT NULL, -- the id on its side
    label     text NOT NULL, -- for people; empty for customers
    parent    text NOT NULL, -- the id, on the same side, of the record above it
    other_id  text NOT NULL, -- the id on the other side of the record it is linked to, or that was found for it
    outcome   text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'match', 'conflict', 'unmatched', 'linked', 'refused')),
    rule      text NOT NULL DEFAULT '', -- that found it
    others    text[] NOT NULL DEFAULT '{}', -- of a conflict: some of the records of the other side that it may be
    code      text NOT NULL DEFAULT '', -- of a refusal
    reason    text NOT NULL DEFAULT '',
    UNIQUE (operation, instance, entity, side, record_id)
);
CREATE INDEX match_records_outcome ON tandem.match_records (operation, instance, entity, outcome, id);

-- Digests of what tells records apart: addresses of e-mail are among that.
CREATE TABLE tandem.match_keys (
    operation uuid,
    instance  text,
    entity    text,
    rule      text,
    key       text,
    side      text,
    record    bigint REFERENCES tandem.match_records ON DELETE CASCADE,
    PRIMARY KEY (operation, instance, entity, rule, key, side, record)
);
CREATE INDEX match_keys_record ON tandem.match_keys (record);
