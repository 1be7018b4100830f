-- +goose Up

-- Which stock figures the store was told, and what was kept back of them for orders that the ERP did not have yet: once it has them, or
-- they are cancelled, the figure may be another one although nothing moved in the ERP.
CREATE TABLE tandem.stock_pushes (
    instance  text,
    woo_id    text,             -- of the product or variation
    quantity  numeric NOT NULL,
    kept_back numeric NOT NULL,
    pushed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, woo_id)
);
CREATE INDEX stock_pushes_kept_back ON tandem.stock_pushes (instance, woo_id) WHERE kept_back <> 0;
