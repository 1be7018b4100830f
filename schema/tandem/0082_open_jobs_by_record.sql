-- +goose Up

-- Finding the open jobs of a page's records must not depend on what PostgreSQL believes of the table: IS TRUE makes each of these the
-- only partial index that a direction's question fits.
DROP INDEX tandem.queue_jobs_open_key;
CREATE INDEX queue_jobs_open_key ON tandem.queue_jobs (key)
    WHERE (direction = 'import' AND state IN ('waiting', 'failed', 'parked')) IS TRUE;
CREATE INDEX queue_jobs_open_exports ON tandem.queue_jobs (erp_id)
    WHERE (direction = 'export' AND state IN ('waiting', 'failed', 'parked')) IS TRUE;
