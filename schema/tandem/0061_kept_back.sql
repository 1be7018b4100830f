-- +goose Up

-- What of a link is kept back because of whose values count, and the owners under which it was: scans for changes move it when its turn
-- comes, and when the owners are others by then.
ALTER TABLE tandem.links
    ADD COLUMN kept_for   text NOT NULL DEFAULT '' CHECK (kept_for IN ('', 'import', 'export', 'decision')), -- what is to move it
    ADD COLUMN kept_under text NOT NULL DEFAULT '';                                                          -- digest of the owners
CREATE INDEX links_kept_back ON tandem.links (instance, entity, woo_id) WHERE kept_for <> '';
