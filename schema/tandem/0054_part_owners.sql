-- +goose Up

-- What both sides of a link held when they were equal last, part by part, for kinds of records whose parts have an owner. The version
-- before does not read it, and what it lands meanwhile is compared again by the next import or export that does.
ALTER TABLE tandem.links ADD COLUMN part_digests jsonb;
