-- +goose Up

-- Tells this installation from others, e.g. where several share a Temporal.
CREATE TABLE tandem.installation (
    id     uuid NOT NULL DEFAULT gen_random_uuid(),
    single boolean PRIMARY KEY DEFAULT true CHECK (single)
);
INSERT INTO tandem.installation DEFAULT VALUES;
