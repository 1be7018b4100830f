-- +goose Up

-- How a record of the store belongs to another of its kind: the renewal of a subscription to the order that began it, a vendor's part to
-- the whole order, a translation to the product that it is of.
ALTER TABLE tandem.links
    ADD COLUMN relation text NOT NULL DEFAULT '',
    ADD COLUMN parent_id text NOT NULL DEFAULT '';
CREATE INDEX links_parents ON tandem.links (instance, entity, parent_id) WHERE parent_id <> '';
