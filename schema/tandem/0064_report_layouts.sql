-- +goose Up

-- What printed reports look like, as people have saved it.
CREATE TABLE tandem.report_layouts (
    id         text PRIMARY KEY,
    instance   text REFERENCES tandem.instances, -- that may use it; NULL for all
    name       text NOT NULL,
    style      text NOT NULL,
    font       text NOT NULL,
    page       text NOT NULL,
    accent     text NOT NULL,
    ink        text NOT NULL,
    language   text NOT NULL, -- empty for the store's
    logo       bytea,         -- a PNG
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX report_layouts_name ON tandem.report_layouts (coalesce(instance, ''), name);
