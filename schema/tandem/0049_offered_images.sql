-- +goose Up

-- Images that stores are told to fetch, for as long as their addresses are good.
CREATE TABLE tandem.offered_images (
    file       text PRIMARY KEY, -- the digest of what the ERP holds, with the extension of the type in which it is sent
    content    bytea NOT NULL,
    until      timestamptz NOT NULL,
    offered_at timestamptz NOT NULL DEFAULT now(),
    fetched_at timestamptz       -- NULL for never
);
ALTER TABLE tandem.offered_images ALTER COLUMN content SET STORAGE EXTERNAL; -- images are compressed already
CREATE INDEX offered_images_until ON tandem.offered_images (until);
