-- +goose Up

-- An entity's progress belongs to the attempt that claimed it last: what an earlier one still writes is refused. Claims are
-- ordered by when Temporal handed the attempt out. What is being retried, and why, is kept in waiting.
ALTER TABLE tandem.operation_progress
    ADD COLUMN epoch      bigint NOT NULL DEFAULT 0,
    ADD COLUMN attempt_at timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN waiting    jsonb;
CREATE INDEX operation_progress_running ON tandem.operation_progress (instance, entity) WHERE state = 'running';
COMMENT ON COLUMN tandem.operation_progress.cursor IS 'written by versions before 0007 only';

-- When the request that brought the record was sent, by this server's clock: what was read earlier never replaces it.
ALTER TABLE tandem.raw_records ADD COLUMN read_at timestamptz NOT NULL DEFAULT '-infinity';

-- When the scan that set the watermark began, by this server's clock: a later whole scan may set it back.
ALTER TABLE tandem.watermarks ADD COLUMN scan_began timestamptz NOT NULL DEFAULT '-infinity';
