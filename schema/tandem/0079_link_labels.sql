-- +goose Up

-- What people call the records of a link: the name of a product or term, the number of an order, the code of a coupon. There is no
-- personal data here: a customer is called by the e-mail address in tandem.raw_records for as long as that is kept. Empty is a record that
-- landed before there were labels: the next time it is landed fills it.
ALTER TABLE tandem.links ADD COLUMN label text NOT NULL DEFAULT '';
