package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestChangeOf(t *testing.T) {
	const same, other = "same", "other"
	tests := map[string]struct {
		held      standing
		cancelled bool
		amounts   string
		warehouse int64
		want      change
		refused   string
	}{
		"quotation, progress only": {
			held: standing{Stage: erp.Quotation}, amounts: same,
			want: change{Stage: erp.Quotation, Header: true}},
		"quotation, other amounts": {
			held: standing{Stage: erp.Quotation}, amounts: other,
			want: change{Stage: erp.Quotation, Header: true, Lines: true}},
		"quotation, other warehouse": {
			held: standing{Stage: erp.Quotation}, amounts: same, warehouse: 2,
			want: change{Stage: erp.Quotation, Header: true, Lines: true}},
		"confirmed, progress only": {
			held: standing{Stage: erp.Confirmed}, amounts: same,
			want: change{Stage: erp.Confirmed, Header: true}},
		"confirmed, other amounts": {
			held: standing{Stage: erp.Confirmed}, amounts: other,
			want: change{Stage: erp.Confirmed, Header: true, Lines: true, Redeliver: true}},
		"invoiced, progress only": {
			held: standing{Stage: erp.Confirmed, Invoiced: true}, amounts: same,
			want: change{Stage: erp.Confirmed}},
		"invoiced, other amounts": {
			held: standing{Stage: erp.Confirmed, Invoiced: true}, amounts: other, refused: "order_locked"},
		"shipped, other warehouse": {
			held: standing{Stage: erp.Confirmed, Delivered: true}, amounts: same, warehouse: 2,
			want: change{Stage: erp.Confirmed}},
		"shipped, other amounts": {
			held: standing{Stage: erp.Confirmed, Delivered: true}, amounts: other, refused: "order_locked"},
		"quotation is cancelled": {
			held: standing{Stage: erp.Quotation}, cancelled: true, amounts: same,
			want: change{Stage: erp.Cancelled, ByStore: true, Header: true}},
		"confirmed is cancelled": {
			held: standing{Stage: erp.Confirmed}, cancelled: true, amounts: same,
			want: change{Stage: erp.Cancelled, ByStore: true, Header: true, Redeliver: true}},
		"invoiced is cancelled": {
			held: standing{Stage: erp.Confirmed, Invoiced: true}, cancelled: true, amounts: same, refused: "cancel_needs_person"},
		"shipped is cancelled, other amounts": {
			held: standing{Stage: erp.Confirmed, Delivered: true}, cancelled: true, amounts: other, refused: "cancel_needs_person"},
		"cancelled by the store, still is": {
			held: standing{Stage: erp.Cancelled, StoreCancelled: true}, cancelled: true, amounts: same,
			want: change{Stage: erp.Cancelled, ByStore: true, Header: true}},
		"cancelled by a person, then by the store": {
			held: standing{Stage: erp.Cancelled}, cancelled: true, amounts: same,
			want: change{Stage: erp.Cancelled, Header: true}},
		"cancelled by the store, taken back": {
			held: standing{Stage: erp.Cancelled, StoreCancelled: true}, amounts: same,
			want: change{Stage: erp.Quotation, Header: true}},
		"cancelled by a person": {
			held: standing{Stage: erp.Cancelled}, amounts: other,
			want: change{Stage: erp.Cancelled, Header: true, Lines: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.held.Amounts, tt.held.Warehouse = same, 1
			got, refused := changeOf(tt.held, &erp.Order{Cancelled: tt.cancelled}, tt.amounts, max(tt.warehouse, 1))
			if tt.refused != "" {
				require.Equal(t, tt.refused, refused.Code)
				require.Equal(t, erp.Parked, refused.Status)
				return
			}
			require.Nil(t, refused)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestAmountsOf(t *testing.T) {
	order := func(change func(*erp.Order)) string {
		o := erp.Order{Currency: "EUR", Total: dec("10.00"), Lines: []erp.OrderLine{{ID: "1", Quantity: dec("1"), Total: dec("10")}}}
		change(&o)
		text, err := amountsOf(&o)
		require.NoError(t, err)
		return text
	}
	held := order(func(*erp.Order) {})
	for name, change := range map[string]func(*erp.Order){
		"zeros at the end": func(o *erp.Order) { o.Total = dec("10") },
		"status":           func(o *erp.Order) { o.StoreStatus = "completed" },
		"set aside":        func(o *erp.Order) { o.Lines[0].SetAside = dec("1") },
		"description":      func(o *erp.Order) { o.Lines[0].Description = "other" },
		"partner":          func(o *erp.Order) { o.Partner = erp.Key{Instance: "a", Entity: "customer", ID: "1"} },
	} {
		require.Equal(t, held, order(change), name)
	}
	for name, change := range map[string]func(*erp.Order){
		"currency": func(o *erp.Order) { o.Currency = "USD" },
		"total":    func(o *erp.Order) { o.Total = dec("10.01") },
		"quantity": func(o *erp.Order) { o.Lines[0].Quantity = dec("2") },
		"product":  func(o *erp.Order) { o.Lines[0].Product.ID = "2" },
		"tax":      func(o *erp.Order) { o.Taxes = []erp.OrderTax{{Amount: dec("1")}} },
	} {
		require.NotEqual(t, held, order(change), name)
	}
}
