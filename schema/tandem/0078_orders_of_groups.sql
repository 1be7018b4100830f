-- +goose Up

-- The newest sales of a group, whatever others there are: lists of the orders of a country, gateway, status or currency.
CREATE INDEX sale_figures_group ON tandem.sale_figures (sale_group, at, sale) WHERE sales = 1;
