-- +goose Up

-- What either side held when the two were equal last, so that a change on one is told from one on the other, and both from our own
-- writes. digest stays what the ERP was last given; store_digest is that of the store's record as an import maps it. Rows that a version
-- before this one wrote have other digests in store_digest, and none of the ERP: the first look at the ERP notes what it holds.
ALTER TABLE tandem.links
    ADD COLUMN raw_digest       text NOT NULL DEFAULT '', -- of the store's record, byte for byte, as it landed
    ADD COLUMN erp_digest       text NOT NULL DEFAULT '', -- of the ERP's record as the ERP lists it; empty until it was read
    ADD COLUMN erp_seen         text NOT NULL DEFAULT '', -- the same, when it was found changed last
    ADD COLUMN erp_changed_at   timestamptz,              -- since when it is known that the ERP's record is another one
    ADD COLUMN store_changed_at timestamptz;              -- since when it is known that the store's is

-- Up to where the ERP's changes were looked at for the states of links, and why that is long ago.
CREATE TABLE tandem.link_checks (
    instance   text REFERENCES tandem.instances,
    entity     text,
    cursor     text NOT NULL DEFAULT '', -- the place in the ERP's feed of changes; opaque
    tried_at   timestamptz,
    checked_at timestamptz,              -- when everything that had changed was known
    problem    text NOT NULL DEFAULT '', -- why the last try failed
    PRIMARY KEY (instance, entity)
);
