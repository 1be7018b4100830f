-- +goose Up

-- What is wrong with an instance and was told to people: once when it began, and once when it was over.
CREATE TABLE tandem.alerts (
    id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance text NOT NULL REFERENCES tandem.instances ON DELETE CASCADE,
    cause    text NOT NULL, -- parked, waits, erp, webhooks
    message  text NOT NULL,
    since    timestamptz NOT NULL DEFAULT now(),
    over_at  timestamptz -- NULL while it lasts
);
CREATE UNIQUE INDEX alerts_open ON tandem.alerts (instance, cause) WHERE over_at IS NULL;
