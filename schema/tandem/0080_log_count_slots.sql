-- +goose Up

-- Writers that counted lines in whichever row nobody held could still wait for one another, and so for each other in turn: SKIP LOCKED waits for
-- a row that changes hands in that very moment. A transaction now takes one of sixteen slots while it counts, and with it the rows of that
-- slot, which nobody else writes; where all are taken it counts in a new row. So it waits for nobody. What is deleted is taken from the
-- counts by who has all slots.
ALTER TABLE tandem.log_counts ADD COLUMN slot int; -- null: a row that is only read and joined
DROP INDEX tandem.log_counts_hour;
CREATE UNIQUE INDEX log_counts_hour ON tandem.log_counts (hour, instance, entity, status, slot);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tandem.count_logs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own int;
BEGIN
    FOR i IN 0..15 LOOP
        own := (pg_backend_pid() + i) % 16;
        EXIT WHEN pg_try_advisory_xact_lock(hashtext('tandem.log_counts'), own);
        own := NULL;
    END LOOP;
    INSERT INTO tandem.log_counts AS c (hour, instance, entity, status, slot, lines, first_id, last_id)
    SELECT date_trunc('hour', at, 'UTC'), instance, entity, status, own, count(*), min(id), max(id) FROM written GROUP BY 1, 2, 3, 4
    ON CONFLICT (hour, instance, entity, status, slot) DO UPDATE
    SET lines = c.lines + excluded.lines, first_id = least(c.first_id, excluded.first_id), last_id = greatest(c.last_id, excluded.last_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tandem.uncount_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    FOR slot IN 0..15 LOOP
        PERFORM pg_advisory_xact_lock(hashtext('tandem.log_counts'), slot);
    END LOOP;
    WITH fewer AS (
        SELECT date_trunc('hour', at, 'UTC') AS hour, instance, entity, status, count(*) AS lines FROM gone GROUP BY 1, 2, 3, 4
    ), counted AS (
        DELETE FROM tandem.log_counts c USING fewer f WHERE (c.hour, c.instance, c.entity, c.status) = (f.hour, f.instance, f.entity, f.status)
        RETURNING c.hour, c.instance, c.entity, c.status, c.lines, c.first_id, c.last_id)
    INSERT INTO tandem.log_counts (hour, instance, entity, status, lines, first_id, last_id)
    SELECT hour, instance, entity, status, sum(c.lines) - f.lines, min(first_id), max(last_id)
    FROM counted c JOIN fewer f USING (hour, instance, entity, status)
    GROUP BY hour, instance, entity, status, f.lines HAVING sum(c.lines) <> f.lines;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Lines that change are taken from the counts first: who holds one slot must not ask for all.
DROP TRIGGER count_changed_logs ON tandem.logs;
DROP TRIGGER uncount_changed_logs ON tandem.logs;
CREATE TRIGGER changed_logs_gone AFTER UPDATE ON tandem.logs REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.uncount_logs();
CREATE TRIGGER changed_logs_written AFTER UPDATE ON tandem.logs REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.count_logs();
