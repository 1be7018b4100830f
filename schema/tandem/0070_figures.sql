-- +goose Up

-- Reports are added up from narrow rows of numbers: a report over years goes over all of them. They say nothing that sales, sale_lines and
-- sale_taxes do not say, and are written along with those.

-- What orders and refunds have in common, whoever bought what.
CREATE TABLE tandem.sale_groups (
    id       integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance text NOT NULL,
    currency text NOT NULL,
    kind     text NOT NULL,
    status   text NOT NULL,
    gateway  text NOT NULL,
    country  text NOT NULL,
    UNIQUE (instance, currency, kind, status, gateway, country)
);

-- What lines sold.
CREATE TABLE tandem.sale_items (
    id       integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance text NOT NULL,
    kind     text NOT NULL, -- of the line; empty stands for a sale without lines
    product  text NOT NULL,
    variant  text NOT NULL,
    UNIQUE (instance, kind, product, variant)
);

CREATE TABLE tandem.tax_rates (
    id    integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    label text NOT NULL,
    rate  numeric NOT NULL, -- percent
    UNIQUE (label, rate)
);

-- A row for each rate of a sale, or one where it has no tax. All but the tax stands in one of them, and is zero in the others.
CREATE TABLE tandem.sale_figures (
    sale       bigint NOT NULL REFERENCES tandem.sales ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    sale_group integer NOT NULL,
    tax_rate   integer, -- NULL where there is no tax
    sales      smallint NOT NULL, -- 1 in that row
    units      numeric NOT NULL,
    goods      numeric NOT NULL,
    shipping   numeric NOT NULL,
    fees       numeric NOT NULL,
    credit     numeric NOT NULL,
    discount   numeric NOT NULL,
    tax        numeric NOT NULL
);

-- The same for each item of a sale, in whichever of the rows of its rates amounts stand.
CREATE TABLE tandem.line_figures (
    sale       bigint NOT NULL REFERENCES tandem.sales ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    sale_group integer NOT NULL,
    sale_item  integer NOT NULL,
    tax_rate   integer,
    leads      smallint NOT NULL, -- as in sale_lines; 0 in all rows of the item but one
    units      numeric NOT NULL,
    net        numeric NOT NULL,
    discount   numeric NOT NULL,
    tax        numeric NOT NULL
);

INSERT INTO tandem.sale_groups (instance, currency, kind, status, gateway, country)
SELECT DISTINCT instance, currency, kind, status, gateway, country FROM tandem.sales;

INSERT INTO tandem.sale_items (instance, kind, product, variant)
SELECT DISTINCT s.instance, coalesce(l.kind, ''), coalesce(l.product, ''), coalesce(l.variant, '')
FROM tandem.sales s LEFT JOIN tandem.sale_lines l ON l.sale = s.id;

INSERT INTO tandem.tax_rates (label, rate)
SELECT DISTINCT label, rate FROM tandem.sale_taxes;

ANALYZE tandem.sales, tandem.sale_lines, tandem.sale_taxes, tandem.sale_groups, tandem.sale_items, tandem.tax_rates;

INSERT INTO tandem.sale_figures (sale, at, sale_group, tax_rate, sales, units, goods, shipping, fees, credit, discount, tax)
SELECT s.id, s.at, g.id, t.tax_rate, n.first, s.units * n.first, s.goods * n.first, s.shipping * n.first, s.fees * n.first, s.credit * n.first,
  s.discount * n.first, coalesce(t.amount, 0)
FROM tandem.sales s
JOIN tandem.sale_groups g USING (instance, currency, kind, status, gateway, country)
LEFT JOIN (
  SELECT t.sale, r.id AS tax_rate, sum(t.amount) AS amount, row_number() OVER (PARTITION BY t.sale ORDER BY r.id) AS place
  FROM tandem.sale_taxes t JOIN tandem.tax_rates r USING (label, rate) GROUP BY t.sale, r.id
) t ON t.sale = s.id
CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(t.place, 1) = 1 THEN 1 ELSE 0 END AS first) n
ORDER BY s.id;

INSERT INTO tandem.line_figures (sale, at, sale_group, sale_item, tax_rate, leads, units, net, discount, tax)
SELECT s.id, s.at, g.id, i.id, r.id, coalesce(max(l.leads * l.first), 3), coalesce(sum(l.units * l.first), 0), coalesce(sum(l.net * l.first), 0),
  coalesce(sum(l.discount * l.first), 0), coalesce(sum(l.amount), 0)
FROM tandem.sales s
JOIN tandem.sale_groups g USING (instance, currency, kind, status, gateway, country)
LEFT JOIN (
  SELECT l.*, t.label, t.rate, t.amount, CASE row_number() OVER (PARTITION BY l.sale, l.line ORDER BY t.tax) WHEN 1 THEN 1 ELSE 0 END AS first
  FROM tandem.sale_lines l LEFT JOIN tandem.sale_taxes t USING (sale, line)
) l ON l.sale = s.id
JOIN tandem.sale_items i ON i.instance = s.instance AND i.kind = coalesce(l.kind, '') AND i.product = coalesce(l.product, '')
  AND i.variant = coalesce(l.variant, '')
LEFT JOIN tandem.tax_rates r ON r.label = l.label AND r.rate = l.rate
GROUP BY s.id, g.id, i.id, r.id ORDER BY s.id;

CREATE INDEX sale_figures_sale ON tandem.sale_figures (sale);
CREATE INDEX sale_figures_at ON tandem.sale_figures (at);
CREATE INDEX line_figures_sale ON tandem.line_figures (sale);
CREATE INDEX line_figures_at ON tandem.line_figures (at);
