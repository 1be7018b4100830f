-- +goose Up

-- Reports of what was queued lie over a time. Jobs are written in its order.
CREATE INDEX queue_jobs_created ON tandem.queue_jobs USING brin (created_at);
