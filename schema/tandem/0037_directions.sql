-- +goose Up

-- A job is of a record of its direction's source: an import's has an id of the store, an export's one of the ERP, and one of the
-- store once it is known there.
ALTER TABLE tandem.queue_jobs
    ADD COLUMN direction text NOT NULL DEFAULT 'import' CHECK (direction IN ('import', 'export')),
    ADD COLUMN erp_id    text,
    ALTER COLUMN woo_id DROP NOT NULL,
    ALTER COLUMN key DROP NOT NULL,
    ADD CONSTRAINT queue_jobs_record CHECK (CASE direction WHEN 'import' THEN woo_id ELSE erp_id END IS NOT NULL);
CREATE UNIQUE INDEX queue_jobs_exports ON tandem.queue_jobs (instance, entity, erp_id, operation) WHERE direction = 'export';

-- What was read to before the cursor is done. Only the source of the direction knows what is in it.
ALTER TABLE tandem.operation_progress
    ADD COLUMN direction text NOT NULL DEFAULT 'import' CHECK (direction IN ('import', 'export'));
COMMENT ON COLUMN tandem.operation_progress.cursor IS 'opaque; everything before it is done';

-- Up to where the source of a direction was read: by its clock, by its cursor, or both.
CREATE TABLE tandem.positions (
    instance   text REFERENCES tandem.instances,
    entity     text,
    direction  text DEFAULT 'import' CHECK (direction IN ('import', 'export')),
    seen_until timestamptz NOT NULL,
    scan_began timestamptz NOT NULL DEFAULT '-infinity',
    cursor     jsonb, -- opaque, e.g. the place in an ERP's feed of changes
    PRIMARY KEY (instance, entity, direction)
);
INSERT INTO tandem.positions (instance, entity, direction, seen_until, scan_began)
SELECT instance, entity, 'import', seen_until, scan_began FROM tandem.watermarks;

-- Versions before this one go on using the table of watermarks, which ends with a later version.
-- +goose StatementBegin
CREATE FUNCTION tandem.copy_watermark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM tandem.positions WHERE instance = OLD.instance AND entity = OLD.entity AND direction = 'import';
        RETURN OLD;
    END IF;
    INSERT INTO tandem.positions (instance, entity, direction, seen_until, scan_began)
    VALUES (NEW.instance, NEW.entity, 'import', NEW.seen_until, NEW.scan_began)
    ON CONFLICT (instance, entity, direction) DO UPDATE SET seen_until = excluded.seen_until, scan_began = excluded.scan_began;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER copy_watermark AFTER INSERT OR UPDATE OR DELETE ON tandem.watermarks
    FOR EACH ROW EXECUTE FUNCTION tandem.copy_watermark();
COMMENT ON TABLE tandem.watermarks IS 'used by versions before 0037 only';

-- What each side held when they were last compared: of digest, the ERP. Together they tell a change here from one there, and from
-- what we wrote ourselves.
ALTER TABLE tandem.links ADD COLUMN store_digest text NOT NULL DEFAULT '';
CREATE INDEX links_erp_id ON tandem.links (instance, entity, erp_id);

-- Deliveries of webhooks, which are hints: the record is read again. One that is sent twice is one row, whatever the id of the
-- delivery says.
CREATE TABLE tandem.inbox (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance    text NOT NULL,
    topic       text NOT NULL, -- e.g. order.updated
    woo_id      text NOT NULL,
    digest      bytea NOT NULL, -- sha256 of the body, which is not kept
    received_at timestamptz NOT NULL DEFAULT now(),
    operation   uuid, -- that read the record
    UNIQUE (instance, topic, woo_id, digest)
);
CREATE INDEX inbox_waiting ON tandem.inbox (instance, id) WHERE operation IS NULL;

-- Blocked orders that wait for something to land are few among all.
CREATE INDEX order_runs_waits ON tandem.order_runs (instance) WHERE waits_since IS NOT NULL;
