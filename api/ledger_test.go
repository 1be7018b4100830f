package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// walkLedger makes, reads and changes one record of each kind.
func walkLedger(h *harness) {
	for path, body := range map[string]map[string]any{
		"/ledger/products": {"name": "Lamp"}, "/ledger/partners": {"name": "Ada"}, "/ledger/terms/category": {"name": "Lamps"},
		"/ledger/coupons": {"code": "lamp10", "amount": "10"},
	} {
		at := h.call("POST", path, body).is(http.StatusCreated).location()
		h.call("GET", at, nil).is(http.StatusOK)
		h.call("GET", path+"?search=a&limit=1", nil).is(http.StatusOK)
		field := "name"
		if path == "/ledger/coupons" {
			field = "code"
		}
		h.call("PATCH", at, map[string]any{field: "Other"}).is(http.StatusOK)
	}
	phone := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	picture := somePicture(h.t, 1)
	at := imageAt(phone.ID, picture)
	h.call("PUT", at, string(picture), "Content-Type", "application/octet-stream").is(http.StatusOK)
	h.call("GET", at, nil).is(http.StatusOK)
	h.call("DELETE", at, nil).is(http.StatusOK)
	counts := map[string]any{"counts": []any{map[string]any{"product": phone.ID, "on_hand": "5"}}}
	h.call("POST", "/ledger/stock-counts", counts).is(http.StatusNoContent)
	h.call("GET", "/ledger/stock?search=PHONE&warehouse=WH", nil).is(http.StatusOK)
	walkLedgerOrders(h)
}

func phone() map[string]any {
	return map[string]any{
		"name": "Mobile phone", "sku": "PHONE-1", "status": "publish", "track_stock": true,
		"measures": map[string]any{"weight": "0.2", "weight_unit": "kg"},
		"prices":   []any{map[string]any{"currency": "EUR", "amount": "299"}, map[string]any{"currency": "EUR", "kind": "sale", "amount": "279.5"}},
	}
}

func TestAProductIsChangedByMergePatches(t *testing.T) {
	h := newHarness(t)
	made := h.call("POST", "/ledger/products", phone()).is(http.StatusCreated)
	at := made.location()
	product := decode[gen.LedgerProduct](made)
	require.Equal(t, []string{"simple", "standard", "299", "279.5"}, []string{string(product.Kind), product.TaxClass, product.Prices[0].Amount, product.Prices[1].Amount})
	require.True(t, *product.Taxable)

	read := h.call("GET", at, nil).is(http.StatusOK)
	require.Equal(t, `"`+product.Version+`"`, read.Header().Get("ETag"))
	same := decode[gen.LedgerProduct](h.call("PATCH", at, read.Body.String()).is(http.StatusOK))
	require.Equal(t, product, same, "what is sent back as it was read changes nothing")

	now := decode[gen.LedgerProduct](h.call("PATCH", at, `{"sku": null, "taxable": false, "measures": {"weight": "0.3"}}`, "If-Match", read.Header().Get("ETag")).is(http.StatusOK))
	require.Equal(t, []any{"", false, "0.3", "kg", "Mobile phone"}, []any{now.SKU, *now.Taxable, now.Measures.Weight, now.Measures.WeightUnit, now.Name})
	require.Len(t, now.Prices, 2)
	require.NotEqual(t, product.Version, now.Version)

	require.Equal(t, "conflict", string(h.call("PATCH", at, `{"name": "Late"}`, "If-Match", read.Header().Get("ETag")).problem(http.StatusPreconditionFailed).Code))
	h.call("PATCH", at, map[string]any{"name": "Late", "version": product.Version}).problem(http.StatusPreconditionFailed)
	h.call("PATCH", at, map[string]any{"name": "In time", "version": now.Version}).is(http.StatusOK)
}

func TestWhatIsWrongWithAProductIsNamed(t *testing.T) {
	h := newHarness(t)
	h.connected()
	at := h.call("POST", "/ledger/products", phone()).is(http.StatusCreated).location()
	for body, fields := range map[string][]string{
		`{"id": "12"}`:                                      {"id"},
		`{"name": null}`:                                    {"name"},
		`{"colour": "red"}`:                                 {"colour"},
		`{"kind": "variable"}`:                              {"kind", "variants"},
		`{"prices": [{"currency": "EUR"}]}`:                 {"prices[0].amount"},
		`{"categories": ["4711"], "name": "x"}`:             {"categories[0]"},
		`{"categories": ["x"]}`:                             {"categories[0]"},
		`{"measures": {"length": "1"}}`:                     {"measures.dimension_unit"},
		`{"variants": [{"sku": "A"}]}`:                      {"variants"},
		`{"prices": [{"currency": "EUR", "amount": "-1"}]}`: {"prices[0].amount"},
		`{"prices": [{"currency": "EUR", "amount": "1", "instance": "nowhere"}]}`:                                           {"prices[0].instance"},
		`{"prices": [{"currency": "EUR", "amount": "1"}, {"currency": "EUR", "amount": "2"}]}`:                              {"prices[1]"},
		`{"prices": [{"currency": "EUR", "amount": "1", "kind": "sale"}]}`:                                                  {"prices[0].amount"},
		`{"prices": [{"currency": "EUR", "amount": "1", "from": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}]}`: {"prices[0].until"},
		`{"name": "` + strings.Repeat("x", 501) + `"}`:                                                                      {"name"},
		`{"fields": {"nonsense": "1"}}`:                                                                                     {},
	} {
		h.call("PATCH", at, body).fields(http.StatusUnprocessableEntity, fields...)
	}
	before := decode[gen.LedgerProduct](h.call("GET", at, nil))
	require.Equal(t, "Mobile phone", before.Name, "nothing is half written")
	h.call("PATCH", at, `[]`).is(http.StatusUnprocessableEntity)
	h.call("GET", "/ledger/products/4711", nil).problem(http.StatusNotFound)
	h.call("GET", "/ledger/products/x", nil).fields(http.StatusUnprocessableEntity, "id")
}

func TestAVariableProductHasVariants(t *testing.T) {
	h := newHarness(t)
	body := map[string]any{
		"name": "Shirt", "kind": "variable",
		"attributes": []any{map[string]any{"name": "Size", "values": []string{"S", "M"}, "variation": true}},
		"variants": []any{
			map[string]any{"sku": "S-S", "options": map[string]string{"Size": "S"}, "prices": []any{map[string]any{"currency": "EUR", "amount": "20"}}},
			map[string]any{"sku": "S-M", "options": map[string]string{"Size": "M"}},
		},
	}
	made := h.call("POST", "/ledger/products", body).is(http.StatusCreated)
	product := decode[gen.LedgerProduct](made)
	require.Equal(t, map[string]string{"Size": "S"}, product.Variants[0].Options)
	variants := []any{
		map[string]any{"id": product.Variants[0].ID, "options": map[string]string{"Size": "XL"}},
		map[string]any{"id": "1/4711", "options": map[string]string{"Colour": "Red"}},
		map[string]any{"options": map[string]string{"Size": "M"}}, map[string]any{"options": map[string]string{"Size": "M"}},
		map[string]any{"options": map[string]string{"Colour": "Red"}},
	}
	h.call("PATCH", made.location(), map[string]any{"variants": variants}).fields(http.StatusUnprocessableEntity,
		"variants[0].options.Size", "variants[1].id", "variants[3].options", "variants[4].options.Colour")
}

// C18 of requests: one that is sent twice makes one record, even when the first answer was lost.
func TestARequestMakesOneRecord(t *testing.T) {
	h := newHarness(t)
	first := h.call("POST", "/ledger/products", phone(), "Idempotency-Key", "phone-once").is(http.StatusCreated)
	h.forgetAnswer("phone-once")
	second := h.call("POST", "/ledger/products", phone(), "Idempotency-Key", "phone-once").is(http.StatusCreated)
	require.Equal(t, first.location(), second.location())
	require.Len(t, decode[gen.LedgerProductPage](h.call("GET", "/ledger/products?search=PHONE-", nil).is(http.StatusOK)).Items, 1)
}

func TestCountsAreOfWhatIsOnTheShelf(t *testing.T) {
	h := newHarness(t)
	product := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	count := func(product, quantity string) reply {
		return h.call("POST", "/ledger/stock-counts", map[string]any{"counts": []any{map[string]any{"product": product, "on_hand": quantity}}})
	}
	count(product.ID, "25").is(http.StatusNoContent)
	page := decode[gen.LedgerStockPage](h.call("GET", "/ledger/stock?product="+product.ID, nil).is(http.StatusOK))
	require.Equal(t, []gen.LedgerStock{{Product: product.ID, Name: "Mobile phone", SKU: "PHONE-1", OnHand: "25", Reserved: "0", Free: "25", Incoming: "0", Outgoing: "0"}}, page.Items)
	count("4711", "1").fields(http.StatusUnprocessableEntity, "counts[0].product")
	count(product.ID, "-1").fields(http.StatusUnprocessableEntity, "counts[0].on_hand")
	h.call("GET", "/ledger/stock?warehouse=NOWHERE", nil).fields(http.StatusUnprocessableEntity, "warehouse")
}

func TestCustomersAndTermsAreChecked(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/ledger/partners", map[string]any{"email": "ada"}).fields(http.StatusUnprocessableEntity, "name", "email")
	ada := h.call("POST", "/ledger/partners", map[string]any{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}).is(http.StatusCreated)
	require.Equal(t, "Ada Lovelace", decode[gen.LedgerPartner](ada).Name)
	h.call("POST", "/ledger/partners", map[string]any{"name": "Twin", "email": "ADA@example.com"}).fields(http.StatusUnprocessableEntity, "email")
	h.call("PATCH", ada.location(), map[string]any{"addresses": []any{map[string]any{"id": "4711", "kind": "invoice"}}}).
		fields(http.StatusUnprocessableEntity, "addresses[0].id")
	h.call("PATCH", ada.location(), map[string]any{"addresses": []any{map[string]any{"kind": "home", "country": "Germany"}}}).
		fields(http.StatusUnprocessableEntity, "addresses[0].kind", "addresses[0].country")
	require.NotContains(t, h.log.String(), "ada@example.com")

	h.call("POST", "/ledger/terms/tag", map[string]any{"name": "New", "parent": "1", "values": []any{map[string]any{"name": "x"}}}).
		fields(http.StatusUnprocessableEntity, "parent", "values")
	h.call("POST", "/ledger/terms/attribute", map[string]any{"name": "Colour", "values": []any{map[string]any{"name": "Red"}, map[string]any{"name": "Red"}}}).
		fields(http.StatusUnprocessableEntity, "values[1].name")
	h.call("GET", "/ledger/terms/nothing", nil).fields(http.StatusUnprocessableEntity, "kind")
}

func TestCouponsAreMadeAndChanged(t *testing.T) {
	h := newHarness(t)
	product := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	made := h.call("POST", "/ledger/coupons", map[string]any{
		"code": "Summer10", "kind": "percent", "amount": "10", "expires": "2026-08-31T22:00:00Z", "usage_limit": 100, "products": []string{product.ID},
		"emails": []string{"*@example.com"},
	}).is(http.StatusCreated)
	coupon := decode[gen.LedgerCoupon](made)
	require.Equal(t, []any{"Summer10", "percent", "10", "publish", 100, []string{product.ID}}, []any{coupon.Code, coupon.Kind, coupon.Amount, coupon.Status, coupon.UsageLimit, coupon.Products})
	read := h.call("GET", made.location(), nil).is(http.StatusOK)
	require.Equal(t, coupon, decode[gen.LedgerCoupon](h.call("PATCH", made.location(), read.Body.String()).is(http.StatusOK)), "what is sent back changes nothing")
	now := decode[gen.LedgerCoupon](h.call("PATCH", made.location(), `{"usage_limit": 200, "expires": null, "emails": null}`, "If-Match", read.Header().Get("ETag")).is(http.StatusOK))
	require.Equal(t, []any{200, true, 0, []string{product.ID}}, []any{now.UsageLimit, now.Expires.IsZero(), len(now.Emails), now.Products})
	h.call("PATCH", made.location(), `{"amount": "5"}`, "If-Match", read.Header().Get("ETag")).problem(http.StatusPreconditionFailed)

	for body, fields := range map[string][]string{
		`{"code": "SUMMER10"}`: {"code"}, `{"code": " "}`: {"code"}, `{"code": "x", "kind": "gift"}`: {"kind"},
		`{"code": "x", "kind": "percent", "amount": "101"}`: {"amount"}, `{"code": "x", "products": ["4711"]}`: {"products[0]"},
		`{"code": "x", "categories": ["4711"]}`: {"categories[0]"}, `{"code": "x", "emails": ["ada"]}`: {"emails[0]"}, `{"code": "x", "usage_count": 3}`: {"usage_count"},
	} {
		h.call("POST", "/ledger/coupons", body).fields(http.StatusUnprocessableEntity, fields...)
	}
}
