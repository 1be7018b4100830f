-- +goose Up
-- Store connections. Credentials are sealed by the program; the database never sees a key.
CREATE TABLE tandem.instances (
    id             text PRIMARY KEY CHECK (id <> '' AND id !~ '[/[:space:]]'), -- part of every key "instance/entity/id"
    name           text NOT NULL,
    store_url      text NOT NULL,
    state          text NOT NULL CHECK (state IN ('draft', 'connected', 'active', 'deactivated')),
    connection     jsonb NOT NULL,
    backend        text NOT NULL,
    erp_connection jsonb NOT NULL,
    config         jsonb NOT NULL,
    store          jsonb NOT NULL,
    erp            jsonb NOT NULL,
    credentials    bytea NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    connected_at   timestamptz
);

-- What an imported order goes through by itself. A sub-option exists only with its parent.
CREATE TABLE tandem.sale_workflows (
    id                 text PRIMARY KEY CHECK (id <> ''),
    name               text NOT NULL CHECK (name <> ''),
    is_default         boolean NOT NULL,
    validate_order     boolean NOT NULL,
    create_invoice     boolean NOT NULL CHECK (validate_order OR NOT create_invoice),
    force_invoice_date boolean NOT NULL CHECK (create_invoice OR NOT force_invoice_date),
    register_payment   boolean NOT NULL CHECK (create_invoice OR NOT register_payment),
    payment_journal    text NOT NULL CHECK (register_payment OR payment_journal = ''),
    payment_method     text NOT NULL CHECK (register_payment OR payment_method = ''),
    confirm_shipment   boolean NOT NULL CHECK (validate_order OR NOT confirm_shipment),
    partial_shipment   boolean NOT NULL CHECK (confirm_shipment OR NOT partial_shipment)
);
CREATE UNIQUE INDEX sale_workflows_one_default ON tandem.sale_workflows (is_default) WHERE is_default;

-- The workflow that ships. Its journal is chosen when the first instance connects: only then is it known what the ERP has.
INSERT INTO tandem.sale_workflows VALUES ('default', 'Validate, invoice, pay and ship', true, true, true, false, true, '', '', true, false);

CREATE TABLE tandem.meta_mappings (
    id       uuid PRIMARY KEY,
    instance text NOT NULL REFERENCES tandem.instances,
    model    text NOT NULL CHECK (model IN ('product', 'customer', 'order')),
    meta_key text NOT NULL CHECK (meta_key <> ''),
    field    text NOT NULL CHECK (field <> ''),
    type     text NOT NULL CHECK (type IN ('text', 'integer', 'decimal', 'boolean', 'date')),
    active   boolean NOT NULL,
    UNIQUE (instance, model, meta_key, field)
);

-- What is to happen regularly. Temporal's schedules are made to agree with these rows.
CREATE TABLE tandem.schedules (
    id         uuid PRIMARY KEY,
    instance   text NOT NULL REFERENCES tandem.instances,
    kind       text NOT NULL CHECK (kind <> ''),
    every_s    integer NOT NULL CHECK (every_s > 0),
    active     boolean NOT NULL,
    note       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (instance, kind)
);
