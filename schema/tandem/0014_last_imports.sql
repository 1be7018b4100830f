-- +goose Up

-- When an instance's records of an entity were last imported to the end.
CREATE INDEX operation_progress_done ON tandem.operation_progress (instance, entity, finished_at) WHERE state = 'done';
