-- +goose Up

-- At which times of which days, in which time zone, a schedule runs. The version before does not know it and runs every every_s seconds.
ALTER TABLE tandem.schedules ADD COLUMN calendar jsonb;
