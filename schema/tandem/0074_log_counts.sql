-- +goose Up

-- How many log lines there are in each hour, and between which ids they lie: charts are added up from these, and lists begin where lines
-- are. Triggers write them, so that they are exact whichever version of Tandem writes lines. A new line is counted in whichever row of its
-- hour no other transaction holds, or in a new one: none waits for another, so an hour may have some rows.
CREATE TABLE tandem.log_counts (
    id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hour     timestamptz NOT NULL, -- when it begins; whole hours of UTC
    instance text NOT NULL,
    entity   text NOT NULL,
    status   text NOT NULL,
    lines    bigint NOT NULL,
    first_id bigint NOT NULL, -- no line has a smaller id; one that had this one may be deleted
    last_id  bigint NOT NULL
) WITH (fillfactor = 50); -- counting rewrites rows in place
CREATE INDEX log_counts_hour ON tandem.log_counts (hour, instance, entity, status);

-- +goose StatementBegin
CREATE FUNCTION tandem.count_logs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    n record;
BEGIN
    FOR n IN
        SELECT date_trunc('hour', at, 'UTC') AS hour, instance, entity, status, count(*) AS lines, min(id) AS first_id, max(id) AS last_id
        FROM written GROUP BY 1, 2, 3, 4
    LOOP
        UPDATE tandem.log_counts SET lines = lines + n.lines, first_id = least(first_id, n.first_id), last_id = greatest(last_id, n.last_id)
        WHERE id = (
            SELECT c.id FROM tandem.log_counts c
            WHERE (c.hour, c.instance, c.entity, c.status) = (n.hour, n.instance, n.entity, n.status) LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            INSERT INTO tandem.log_counts (hour, instance, entity, status, lines, first_id, last_id)
            VALUES (n.hour, n.instance, n.entity, n.status, n.lines, n.first_id, n.last_id);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- What is deleted joins the rows of its hour into one, by one transaction at a time: another would not see the new row.
-- +goose StatementBegin
CREATE FUNCTION tandem.uncount_logs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    n record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tandem.log_counts', 0));
    FOR n IN
        SELECT date_trunc('hour', at, 'UTC') AS hour, instance, entity, status, count(*) AS lines
        FROM gone GROUP BY 1, 2, 3, 4
    LOOP
        WITH counted AS (
            DELETE FROM tandem.log_counts c WHERE (c.hour, c.instance, c.entity, c.status) = (n.hour, n.instance, n.entity, n.status)
            RETURNING c.lines, c.first_id, c.last_id)
        INSERT INTO tandem.log_counts (hour, instance, entity, status, lines, first_id, last_id)
        SELECT n.hour, n.instance, n.entity, n.status, sum(lines) - n.lines, min(first_id), max(last_id) FROM counted
        HAVING sum(lines) <> n.lines;
    END LOOP;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION tandem.uncount_all_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tandem.log_counts;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- From here on no line is written until all that there are have been counted.
CREATE TRIGGER count_new_logs AFTER INSERT ON tandem.logs REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.count_logs();
CREATE TRIGGER count_changed_logs AFTER UPDATE ON tandem.logs REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.count_logs();
CREATE TRIGGER uncount_changed_logs AFTER UPDATE ON tandem.logs REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.uncount_logs();
CREATE TRIGGER uncount_deleted_logs AFTER DELETE ON tandem.logs REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tandem.uncount_logs();
CREATE TRIGGER uncount_all_logs AFTER TRUNCATE ON tandem.logs FOR EACH STATEMENT EXECUTE FUNCTION tandem.uncount_all_logs();

INSERT INTO tandem.log_counts (hour, instance, entity, status, lines, first_id, last_id)
SELECT date_trunc('hour', at, 'UTC'), instance, entity, status, count(*), min(id), max(id) FROM tandem.logs GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- Lists are those of each status of each kind of record, joined: there is no need to look through the lines of others.
CREATE INDEX logs_listed ON tandem.logs (instance, entity, status, id);
DROP INDEX tandem.logs_entity;
DROP INDEX tandem.logs_problems;

-- What links there are of each kind and state is counted often. The index that goes is there twice.
CREATE INDEX links_state ON tandem.links (instance, entity, state);
DROP INDEX tandem.links_erp;

ANALYZE tandem.log_counts;
