-- +goose Up

-- The bytes of images that people gave products, once for each digest. Those that came from a store stay there.
CREATE TABLE ledger.image_files (
    digest  text  PRIMARY KEY, -- "sha256:…"
    type    text  NOT NULL,    -- media type
    content bytea NOT NULL
);
ALTER TABLE ledger.image_files ALTER COLUMN content SET STORAGE EXTERNAL; -- images are compressed already
