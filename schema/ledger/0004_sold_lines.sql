-- +goose Up

-- Under which external key the shop sold the goods of a line: a product may have several keys, and the shop forgets which one
-- it was when it deletes the product. '' for lines that landed before this was kept, and for those of no product.
ALTER TABLE ledger.order_lines ADD COLUMN product_key text NOT NULL DEFAULT '';
