-- +goose Up

-- Whether another item of the sale comes before in the same category: orders are counted by category without looking for those that sold
-- two products of one. It is written anew when a product changes its category, and says something of rows only that are the first of
-- their product (leads).
ALTER TABLE tandem.line_figures ADD COLUMN repeats_category boolean NOT NULL DEFAULT false;

UPDATE tandem.line_figures f SET repeats_category = true
FROM (
  SELECT n.sale, n.sale_item, row_number() OVER (PARTITION BY n.sale, coalesce(p.category, '') ORDER BY n.leads DESC, n.sale_item) AS place
  FROM tandem.line_figures n
  JOIN tandem.sale_items i ON i.id = n.sale_item
  LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product
  WHERE n.leads >= 2
) filed
WHERE filed.place > 1 AND f.sale = filed.sale AND f.sale_item = filed.sale_item AND f.leads >= 2;

-- What sold an item, newest first: the orders behind a report, and reports of some products.
CREATE INDEX line_figures_item ON tandem.line_figures (sale_item, at);
CREATE INDEX sale_items_product ON tandem.sale_items (instance, product);
CREATE INDEX sales_customer ON tandem.sales (instance, customer);
ANALYZE tandem.line_figures;
