-- +goose Up

-- Records carry the number of the transaction that changed them last, so that what changed since can be told and nothing is left out
-- while others are still being written. What a record is made of counts as the record.
-- +goose StatementBegin
CREATE FUNCTION ledger.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id();
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- note_part_change(table, owners): owners is a query that gives the ids of the records that the changed rows are part of.
-- +goose StatementBegin
CREATE FUNCTION ledger.note_part_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL; -- terms are parts of terms: it is this function's own update
    END IF;
    EXECUTE format('UPDATE ledger.%I SET changed = pg_current_xact_id() WHERE id IN (%s) AND changed <> pg_current_xact_id()',
        TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    name text;
    part record;
    event text;
    seen text;
BEGIN
    FOREACH name IN ARRAY ARRAY['terms', 'products', 'partners', 'coupons'] LOOP
        EXECUTE format('ALTER TABLE ledger.%I ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id()', name);
        EXECUTE format('CREATE INDEX %I ON ledger.%I (changed, id)', name || '_changed', name);
        EXECUTE format('CREATE TRIGGER note_change BEFORE UPDATE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.note_change()', name);
    END LOOP;
    FOR part IN SELECT * FROM (VALUES
        ('terms', 'terms', 'SELECT parent_id FROM part WHERE kind = ''attribute_value'''),
        ('addresses', 'partners', 'SELECT partner_id FROM part'),
        ('variants', 'products', 'SELECT product_id FROM part'),
        ('product_terms', 'products', 'SELECT product_id FROM part'),
        ('product_attributes', 'products', 'SELECT product_id FROM part'),
        ('product_components', 'products', 'SELECT product_id FROM part'),
        ('downloads', 'products', 'SELECT product_id FROM part'),
        ('images', 'products', 'SELECT product_id FROM part'),
        ('variant_options', 'products', 'SELECT v.product_id FROM part JOIN ledger.variants v ON v.id = part.variant_id'),
        ('prices', 'products', 'SELECT v.product_id FROM part JOIN ledger.variants v ON v.id = part.variant_id')
    ) parts (child, owner, owners) LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            seen := CASE event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END;
            EXECUTE format('CREATE TRIGGER %I AFTER %s ON ledger.%I REFERENCING %s TABLE AS part '
                'FOR EACH STATEMENT EXECUTE FUNCTION ledger.note_part_change(%L, %L)',
                'note_' || lower(event), event, part.child, seen, part.owner, part.owners);
        END LOOP;
    END LOOP;
END $$;
-- +goose StatementEnd
