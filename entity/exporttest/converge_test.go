package exporttest

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/convergetest"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

var (
	seed  = flag.Uint64("seed", 0, "makes the same random edits again; 0 makes those of the seeds from 1 on")
	edits = flag.Int("edits", 2500, "how many random edits are made with each seed")
)

// Ten thousand random edits on both sides, whoever owns what, end as the owners say, and then nothing more is written.
func TestBothSidesConverge(t *testing.T) {
	seeds := []uint64{1, 2, 3, 4}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	for _, seed := range seeds {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			dsn := schematest.URL(t)
			desk := openDesk(t, dsn)
			convergetest.Run(t, dsn, convergetest.Books{
				Backend: desk.ledger, Edit: desk.edit, Create: desk.create, Values: desk.values, Changes: desk.changes, Await: desk.await,
			}, convergetest.Options{Instance: "demo", Seed: seed, Edits: *edits, Batch: 300, Records: 8, Kinds: convergetest.Kinds()})
		})
	}
}

// clockedDesk is a ledger in which people edit records, at times that the test says.
type clockedDesk struct {
	t      *testing.T
	db     *sqlx.DB
	ledger *ledger.Ledger
}

// await returns once scans report all that was edited.
func (d *clockedDesk) await() {
	d.t.Helper()
	schematest.AwaitTransactions(d.t, d.db)
}

func openDesk(t *testing.T, dsn string) *clockedDesk {
	t.Helper()
	books, err := sqlx.Open("postgres", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, books.Close()) })
	d := &clockedDesk{t: t, db: books, ledger: ledger.Open(books)}
	// The ledger's clock is that of the store, which goes on with each edit.
	d.run(`CREATE TABLE ledger.test_clock (at timestamptz NOT NULL);
		INSERT INTO ledger.test_clock VALUES (now() - interval '2 days');
		CREATE OR REPLACE FUNCTION ledger.note_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			NEW.changed_at := (SELECT at FROM ledger.test_clock);
			RETURN NEW;
		END $$`)
	for _, table := range []string{"terms", "products", "partners", "coupons"} {
		d.run(`CREATE TRIGGER note_made_at BEFORE INSERT ON ledger.` + table + ` FOR EACH ROW EXECUTE FUNCTION ledger.note_changed_at()`)
	}
	return d
}

func (d *clockedDesk) run(statements string) {
	d.t.Helper()
	_, err := d.db.Exec(statements)
	require.NoError(d.t, err, statements)
}

// edit changes a record past Tandem, as a person does in an ERP.
func (d *clockedDesk) edit(e convergetest.Edit) {
	d.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `UPDATE ledger.test_clock SET at = to_timestamp(%d);`, e.At.Unix())
	for id, value := range e.Values {
		b.WriteString(statement(e, id, value) + ";")
	}
	d.run(b.String())
}

func statement(e convergetest.Edit, id convergetest.FieldID, value string) string {
	text := pq.QuoteLiteral(value)
	variant := `(SELECT id FROM ledger.variants WHERE product_id = ` + e.ID + ` AND sku = ` + pq.QuoteLiteral(convergetest.SKU(e.Number, id.Of)) + `)`
	switch {
	case id.Name == "regular_price" || id.Name == "sale_price":
		kind, _, _ := strings.Cut(id.Name, "_")
		list := `(SELECT id FROM ledger.price_lists WHERE kind = '` + kind + `')`
		removed := `DELETE FROM ledger.prices WHERE variant_id = ` + variant + ` AND price_list_id = ` + list
		if value == "" {
			return removed
		}
		return removed + `; INSERT INTO ledger.prices (variant_id, price_list_id, position, amount) VALUES (` + variant + `, ` + list + `, 0, ` + text + `)`
	case id.Name == "manage_stock":
		return `UPDATE ledger.variants SET track_stock = ` + text + `::boolean WHERE id = ` + variant
	case id.Name == "categories":
		return `DELETE FROM ledger.product_terms p USING ledger.terms t WHERE p.product_id = ` + e.ID + ` AND t.id = p.term_id AND t.kind = 'category';
			INSERT INTO ledger.product_terms SELECT ` + e.ID + `, i::bigint FROM unnest(string_to_array(` + text + `, ',')) i`
	case id.Name == "weight" && id.Of > 0:
		return `UPDATE ledger.variants SET weight_unit = 'kg', weight = ` + text + ` WHERE id = ` + variant
	case id.Name == "weight":
		return `UPDATE ledger.products SET weight_unit = 'kg', weight = ` + text + ` WHERE id = ` + e.ID
	case strings.Contains(id.Name, "."):
		kind, column := addressColumn(id.Name)
		return `UPDATE ledger.addresses SET ` + column + ` = ` + text + ` WHERE partner_id = ` + e.ID + ` AND kind = '` + kind + `'`
	case e.Kind.Entity == "customer":
		return `UPDATE ledger.partners SET ` + id.Name + ` = ` + text + ` WHERE id = ` + e.ID +
			`; UPDATE ledger.partners SET name = first_name || ' ' || last_name WHERE id = ` + e.ID
	default:
		return `UPDATE ledger.` + tableOf(e.Kind) + ` SET ` + id.Name + ` = ` + text + ` WHERE id = ` + e.ID
	}
}

func tableOf(kind *convergetest.Kind) string {
	switch kind.Entity {
	case "product", "coupon":
		return kind.Entity + "s"
	case "customer":
		return "partners"
	default:
		return "terms"
	}
}

func addressColumn(name string) (kind, column string) {
	group, column, _ := strings.Cut(name, ".")
	if kind = "invoice"; group == "shipping" {
		kind = "delivery"
	}
	if column == "address_1" {
		column = "street"
	}
	return kind, column
}

// create makes a record as people do through Tandem.
func (d *clockedDesk) create(e convergetest.Edit) string {
	d.t.Helper()
	d.run(fmt.Sprintf(`UPDATE ledger.test_clock SET at = to_timestamp(%d)`, e.At.Unix()))
	value := func(name string) string { return e.Values[convergetest.FieldID{Name: name}] }
	request, ctx := fmt.Sprintf("%s-%d", e.Kind.Entity, e.Number), d.t.Context()
	var id string
	var err error
	switch e.Kind.Entity {
	case "product":
		var made erp.Version[erp.Product]
		made, err = d.ledger.Products().Create(ctx, request, productOf(e))
		id = made.ID
	case "customer":
		var made erp.Version[erp.Partner]
		made, err = d.ledger.Partners().Create(ctx, request, erp.Partner{
			Email: convergetest.Email(e.Number), FirstName: value("first_name"), LastName: value("last_name"), Name: value("first_name") + " " + value("last_name"),
			Addresses: []erp.Address{
				{Kind: erp.InvoiceAddress, City: value("billing.city"), Street: value("billing.address_1")}, {Kind: erp.DeliveryAddress, City: value("shipping.city")},
			},
		})
		id = made.ID
	case "coupon":
		var made erp.Version[erp.Coupon]
		limit, _ := strconv.Atoi(value("usage_limit"))
		made, err = d.ledger.Coupons().Create(ctx, request, erp.Coupon{
			Code: convergetest.Code(e.Number), Kind: "fixed_cart", Status: "publish", Description: value("description"),
			Amount: decimal.RequireFromString(value("amount")), MinimumAmount: decimal.RequireFromString(value("minimum_amount")), UsageLimit: limit,
		})
		id = made.ID
	default:
		var made erp.Version[erp.Term]
		made, err = d.ledger.Terms(erp.TermKind(e.Kind.Entity)).Create(ctx, request, erp.Term{
			Kind: erp.TermKind(e.Kind.Entity), Name: value("name"), Description: value("description"), Active: true,
		})
		id = made.ID
	}
	require.NoError(d.t, err)
	return id
}

func productOf(e convergetest.Edit) erp.Product {
	value := func(name string, of int) string { return e.Values[convergetest.FieldID{Name: name, Of: of}] }
	p := erp.Product{
		Kind: erp.Simple, Name: value("name", 0), Description: value("description", 0), Status: value("status", 0), SKU: convergetest.SKU(e.Number, 0),
		Taxable: true, TaxClass: "standard",
	}
	for id := range strings.SplitSeq(value("categories", 0), ",") {
		if id != "" {
			p.Categories = append(p.Categories, erp.OwnKey("category", id))
		}
	}
	variant := func(of int) erp.Variant {
		v := erp.Variant{SKU: convergetest.SKU(e.Number, of), Active: true, TrackStock: value("manage_stock", of) == "true"}
		for _, kind := range []erp.PriceKind{erp.Regular, erp.Sale} {
			if amount := value(string(kind)+"_price", of); amount != "" {
				v.Prices = append(v.Prices, erp.Price{
					List: erp.Key{Instance: "demo", Entity: "price_list", ID: erp.PriceListID(kind, "EUR")}, Amount: decimal.RequireFromString(amount),
				})
			}
		}
		v.Measures = erp.Measures{Weight: decimal.RequireFromString(value("weight", of)), WeightUnit: "kg"}
		return v
	}
	if e.Kind.Variations == 0 {
		p.Measures = variant(0).Measures
		p.Variants = []erp.Variant{variant(0)}
		return p
	}
	p.Kind = erp.Variable
	p.Attributes = []erp.ProductAttribute{{Name: "Size", Values: convergetest.Sizes(e.Kind.Variations), Visible: true, Variation: true}}
	for of := range e.Kind.Variations {
		v := variant(of + 1)
		v.Options = []erp.Option{{Attribute: "Size", Value: convergetest.Size(of + 1)}}
		p.Variants = append(p.Variants, v)
	}
	return p
}

// values reads records past Tandem.
func (d *clockedDesk) values(kind *convergetest.Kind, ids []string) map[string]convergetest.Values {
	d.t.Helper()
	all := map[string]convergetest.Values{}
	for _, id := range ids {
		all[id] = convergetest.Values{}
	}
	take := func(query string, of func(sku string) int) {
		d.t.Helper()
		var rows []struct{ ID, SKU, Name, Value string }
		require.NoError(d.t, d.db.Select(&rows, query, pq.Array(ids)))
		for _, row := range rows {
			all[row.ID][convergetest.FieldID{Name: row.Name, Of: of(row.SKU)}] = convergetest.Plain(row.Value)
		}
	}
	table := tableOf(kind)
	take(`SELECT t.id, '' AS sku, f.key AS name, coalesce(f.value, '') AS value FROM ledger.`+table+` t, jsonb_each_text(to_jsonb(t)) f WHERE t.id = ANY ($1::bigint[])`,
		func(string) int { return 0 })
	if table == "partners" {
		take(`SELECT partner_id AS id, '' AS sku, CASE kind WHEN 'invoice' THEN 'billing.' ELSE 'shipping.' END || CASE f.key WHEN 'street' THEN 'address_1' ELSE f.key END AS name, f.value
			FROM ledger.addresses a, jsonb_each_text(to_jsonb(a)) f WHERE partner_id = ANY ($1::bigint[])`, func(string) int { return 0 })
	}
	if table != "products" {
		return all
	}
	of := func(sku string) int {
		parts := strings.Split(sku, "-")
		if len(parts) < 3 {
			return 0
		}
		n, _ := strconv.Atoi(parts[2])
		return n
	}
	take(`SELECT p.id, '' AS sku, 'categories' AS name, (SELECT coalesce(string_agg(t.id::text, ','), '') FROM ledger.product_terms l JOIN ledger.terms t ON t.id = l.term_id
			WHERE l.product_id = p.id AND t.kind = 'category') AS value FROM ledger.products p WHERE p.id = ANY ($1::bigint[])`, of)
	take(`SELECT product_id AS id, sku, 'manage_stock' AS name, track_stock::text AS value FROM ledger.variants WHERE product_id = ANY ($1::bigint[])
		UNION ALL SELECT product_id, sku, 'weight', trim_scale(weight)::text FROM ledger.variants WHERE product_id = ANY ($1::bigint[]) AND sku LIKE 'SKU-%-%'
		UNION ALL SELECT v.product_id, v.sku, l.kind || '_price', coalesce((SELECT trim_scale(amount)::text FROM ledger.prices p WHERE p.variant_id = v.id AND p.price_list_id = l.id), '')
			FROM ledger.variants v, ledger.price_lists l WHERE product_id = ANY ($1::bigint[])`, of)
	return all
}

// changes tells by the numbers of transactions whether anything was written.
func (d *clockedDesk) changes() string {
	d.t.Helper()
	var text string
	require.NoError(d.t, d.db.Get(&text, `
		SELECT string_agg(c, ' ') FROM (
		  SELECT 'terms' || max(changed::text::bigint) AS c FROM ledger.terms UNION ALL SELECT 'products' || max(changed::text::bigint) FROM ledger.products
		  UNION ALL SELECT 'partners' || max(changed::text::bigint) FROM ledger.partners UNION ALL SELECT 'coupons' || max(changed::text::bigint) FROM ledger.coupons) all_of_them`))
	return text
}
