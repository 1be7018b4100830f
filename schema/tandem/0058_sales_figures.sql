-- +goose Up

-- What reports count: the orders and refunds that landed, with the amounts that they were booked with. Written along with the links. There is
-- no personal data here: a customer is known by the key that they landed under.
CREATE TABLE tandem.sales (
    id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance text NOT NULL,
    woo_id   text NOT NULL, -- of the order, or "order/refund"
    kind     text NOT NULL CHECK (kind IN ('order', 'refund')),
    order_id text NOT NULL, -- the store's id of the order; what follows up to customer is the order's for its refunds too
    number   text NOT NULL,
    at       timestamptz NOT NULL, -- when it was placed, or given back
    currency text NOT NULL,
    status   text NOT NULL, -- the store's
    gateway  text NOT NULL,
    country  text NOT NULL, -- where the goods go
    customer text NOT NULL, -- the store's id, or "guest:" and what guests are known by
    units    numeric NOT NULL, -- amounts are without tax, and what a refund gives back is positive
    goods    numeric NOT NULL,
    shipping numeric NOT NULL,
    fees     numeric NOT NULL, -- with the coins of rounding
    credit   numeric NOT NULL, -- what gift cards and store credit paid
    discount numeric NOT NULL, -- taken off goods already
    tax      numeric NOT NULL,
    digest   bytea NOT NULL, -- of all that is kept: an equal one is not written again
    UNIQUE (instance, woo_id)
);
CREATE INDEX sales_at ON tandem.sales (instance, at);
CREATE INDEX sales_refunds ON tandem.sales (instance, order_id) WHERE kind = 'refund';

CREATE TABLE tandem.sale_lines (
    sale     bigint REFERENCES tandem.sales ON DELETE CASCADE,
    line     text,
    kind     text NOT NULL, -- product, shipping, fee, credit, rounding
    product  text NOT NULL, -- the store's ids; empty when it is of none. Kept when the store deletes the product
    variant  text NOT NULL, -- of the variation, or of a product without any
    name     text NOT NULL, -- as it was sold
    leads    smallint NOT NULL, -- 3: the first line of the sale; 2: the first of its product; 1: of its variant; 0 otherwise
    units    numeric NOT NULL,
    net      numeric NOT NULL,
    discount numeric NOT NULL,
    tax      numeric NOT NULL,
    PRIMARY KEY (sale, line)
);

-- The tax of each rate on each line, in whole coins: over a sale they add up to what was booked.
CREATE TABLE tandem.sale_taxes (
    sale   bigint REFERENCES tandem.sales ON DELETE CASCADE,
    line   text,
    tax    text, -- the key of the rate
    label  text NOT NULL,
    rate   numeric NOT NULL, -- percent
    amount numeric NOT NULL,
    PRIMARY KEY (sale, line, tax)
);

-- What products are called and sorted under now.
CREATE TABLE tandem.sold_products (
    instance      text,
    woo_id        text, -- of a product or of a variation
    name          text NOT NULL,
    sku           text NOT NULL,
    category      text NOT NULL, -- the first that the store lists of its product; empty for none
    category_name text NOT NULL,
    PRIMARY KEY (instance, woo_id)
);
