package stock

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

const pushName = "stock"

// Pushes is the export of stock figures: of each product and variation that is linked, and that the store counts, what is free in the
// ERP. The numbers are absolute, so that one which is written twice, or whose reply is lost, does no harm.
var Pushes = &flow.Flow[mapping.Context, *item, *item]{
	Spec: flow.Spec{
		Entity: pushName, Label: "Stock", Needs: []string{mapping.ProductName}, ValidID: isERPID,
		Refuses: map[flow.FilterKind]string{flow.Range: "what counts is what is free now, not when it moved"},
	},
	Source:   readItems,
	Describe: (*item).describe,
	Map:      func(_ mapping.Context, i *item) (*item, error) { return i, nil },
	Write:    pushItems,
	KeyOf:    func(ec mapping.Context, _ string) flow.Key { return mapping.NamedKey(ec, pushName, "") },
}

// isERPID accepts what ERPs call products, "17", and variants of them, "17/21".
func isERPID(id string) bool {
	product, variant, named := strings.Cut(id, "/")
	return flow.IsNumber(product) && (!named || flow.IsNumber(variant))
}

// item is a product or variation of whose stock the store is to be told.
type item struct {
	key   erp.Key // by the store's number of the product or variation
	erpID string
	shelf *shelf
	push  *push
}

func (i *item) describe() flow.Record {
	return flow.Record{ID: i.erpID, Raw: json.RawMessage(fmt.Sprintf(`{"product":%q}`, i.key.ID))}
}

// shelf is where the store counts the stock of items: a product, a variation, or the product whose variations share its stock.
type shelf struct {
	parent     woo.ID // of a variation; 0 for a product
	id         woo.ID
	counted    bool   // the store counts its stock at all
	backorders string // no, notify or yes
	held       decimal.Decimal
	sold       []erp.Key // what is sold from it

	tracked  bool // the ERP keeps stock of what is sold from it
	want     decimal.Decimal
	keptBack map[string]decimal.Decimal // of what is wanted, by the store's ids
	look     int                        // at the store's orders that the figure takes into account
	sent     bool
	before   decimal.Decimal // what the store held before anything was sent
	problem  error
}

// sellsBelowZero reports whether more may be sold than there is.
func (s *shelf) sellsBelowZero() bool { return s.backorders == "yes" || s.backorders == "notify" }

// fields are those that tell the store what it has. Where nothing says whether more may be sold, WooCommerce takes it that more may be
// once there is none left: it is told that none may.
func (s *shelf) fields() woo.Fields {
	fields := woo.Fields{"id": s.id, "stock_quantity": s.want.IntPart()}
	if s.backorders == "" {
		fields["backorders"] = "no"
	}
	return fields
}

// push is one run of the export.
type push struct {
	ec     mapping.Context
	orders *orders
}

func newPush(ec mapping.Context) *push { return &push{ec: ec, orders: newOrders(ec)} }

// figure is what an ERP has of a product or variation, in all warehouses that the store sells from.
type figure struct {
	quantity  decimal.Decimal // as the configuration says: free, or forecast
	tracked   bool            // the ERP keeps stock of it
	places    []Place
	countedAt time.Time // up to when the last count of the store showed what was sold; zero for never
}

// figures reads what the ERP has of products and variations.
func (p *push) figures(ctx context.Context, keys []erp.Key) (map[erp.Key]figure, error) {
	figures := make(map[erp.Key]figure, len(keys))
	config := p.ec.Instance.Config
	for _, warehouse := range config.StockWarehouses() {
		found, err := p.ec.Backend.Quantities(ctx, warehouse, keys)
		if err != nil {
			return nil, err
		}
		for _, q := range found {
			f := figures[q.Product]
			if config.Stock.Field == instance.ForecastQuantity {
				f.quantity = f.quantity.Add(q.Forecast())
			} else {
				f.quantity = f.quantity.Add(q.Free())
			}
			f.places, f.tracked = append(f.places, Place{warehouse, q}), f.tracked || q.Tracked
			if q.CountedAt.After(f.countedAt) {
				f.countedAt = q.CountedAt
			}
			figures[q.Product] = f
		}
	}
	return figures, nil
}

// offer is the number that the store is to show of what is left: whole pieces, without those that it is not to offer, and not below
// zero unless it may sell more than there is.
func offer(left decimal.Decimal, buffer int, backorders bool) decimal.Decimal {
	number := left.Sub(decimal.NewFromInt(int64(buffer))).Floor()
	if number.IsNegative() && !backorders {
		return decimal.Zero
	}
	return number
}
