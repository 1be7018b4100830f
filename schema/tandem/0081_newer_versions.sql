-- +goose Up

-- A sale workflow waits for every newer version of its order, which the unique index by record finds.
DROP INDEX tandem.queue_jobs_edited_orders;
