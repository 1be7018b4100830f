-- +goose Up

-- A line of an export names its record by the ERP's id too: the store may not have it yet.
ALTER TABLE tandem.logs
    ADD COLUMN direction text NOT NULL DEFAULT 'import' CHECK (direction IN ('import', 'export')),
    ADD COLUMN erp_id    text NOT NULL DEFAULT '';
CREATE INDEX logs_exports ON tandem.logs (instance, entity, erp_id, id) WHERE direction = 'export';
