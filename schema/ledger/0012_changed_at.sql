-- +goose Up

-- When a record, or what it is made of, was changed last: what changes a part of a record updates the record as well. Of records that were
-- not changed since this migration it is not known.
-- +goose StatementBegin
CREATE FUNCTION ledger.note_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['terms', 'products', 'partners', 'coupons'] LOOP
        EXECUTE format('ALTER TABLE ledger.%I ADD COLUMN changed_at timestamptz', name);
        EXECUTE format('ALTER TABLE ledger.%I ALTER COLUMN changed_at SET DEFAULT now()', name);
        EXECUTE format('CREATE TRIGGER note_changed_at BEFORE UPDATE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.note_changed_at()', name);
    END LOOP;
END $$;
-- +goose StatementEnd
