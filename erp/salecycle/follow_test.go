package salecycle

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestFollow(t *testing.T) {
	invoiced := Held{Stage: erp.Confirmed, Invoiced: true}
	shipped := Held{Stage: erp.Confirmed, Delivered: true}
	byStore := Held{Stage: erp.Cancelled, StoreCancelled: true}
	tests := map[string]struct {
		held      Held
		differs   bool
		moved     bool
		cancelled bool
		edits     erp.Edits
		want      Change
		refused   string
	}{
		"quotation, progress only":    {held: Held{Stage: erp.Quotation}, want: Change{Stage: erp.Quotation, Header: true}},
		"quotation, other amounts":    {held: Held{Stage: erp.Quotation}, differs: true, want: Change{Stage: erp.Quotation, Header: true, Replace: true}},
		"quotation, other warehouse":  {held: Held{Stage: erp.Quotation}, moved: true, want: Change{Stage: erp.Quotation, Header: true, Replace: true}},
		"confirmed, progress only":    {held: Held{Stage: erp.Confirmed}, want: Change{Stage: erp.Confirmed, Header: true}},
		"confirmed, other amounts":    {held: Held{Stage: erp.Confirmed}, differs: true, want: Change{Stage: erp.Confirmed, Header: true, Replace: true}},
		"invoiced, progress only":     {held: invoiced, want: Change{Stage: erp.Confirmed}},
		"invoiced, other amounts":     {held: invoiced, differs: true, refused: "order_locked"},
		"shipped, other warehouse":    {held: shipped, moved: true, want: Change{Stage: erp.Confirmed}},
		"shipped, other amounts":      {held: shipped, differs: true, refused: "order_locked"},
		"quotation, edits are held":   {held: Held{Stage: erp.Quotation}, differs: true, edits: erp.HoldEdits, want: Change{Stage: erp.Quotation, Header: true, Replace: true}},
		"confirmed, edits are held":   {held: Held{Stage: erp.Confirmed}, differs: true, edits: erp.HoldEdits, refused: "order_edited"},
		"confirmed, held, no edit":    {held: Held{Stage: erp.Confirmed}, edits: erp.HoldEdits, want: Change{Stage: erp.Confirmed, Header: true}},
		"confirmed, edit refused":     {held: Held{Stage: erp.Confirmed}, differs: true, edits: erp.RefuseEdits, want: Change{Stage: erp.Confirmed, KeepLines: true}},
		"invoiced, edits are held":    {held: invoiced, differs: true, edits: erp.HoldEdits, refused: "order_locked"},
		"invoiced, edit refused":      {held: invoiced, differs: true, edits: erp.RefuseEdits, want: Change{Stage: erp.Confirmed, KeepLines: true}},
		"confirmed, held, cancelled":  {held: Held{Stage: erp.Confirmed}, differs: true, cancelled: true, edits: erp.HoldEdits, want: Change{Stage: erp.Cancelled, ByStore: true, Header: true, Replace: true}},
		"quotation is cancelled":      {held: Held{Stage: erp.Quotation}, cancelled: true, want: Change{Stage: erp.Cancelled, ByStore: true, Header: true}},
		"confirmed is cancelled":      {held: Held{Stage: erp.Confirmed}, cancelled: true, want: Change{Stage: erp.Cancelled, ByStore: true, Header: true}},
		"invoiced is cancelled":       {held: invoiced, cancelled: true, refused: "cancel_needs_person"},
		"shipped is cancelled, other": {held: shipped, cancelled: true, differs: true, refused: "cancel_needs_person"},
		"cancelled by the store":      {held: byStore, cancelled: true, want: Change{Stage: erp.Cancelled, ByStore: true, Header: true}},
		"the store takes it back":     {held: byStore, want: Change{Stage: erp.Quotation, Header: true}},
		"cancelled by a person, then by the store": {held: Held{Stage: erp.Cancelled}, cancelled: true,
			want: Change{Stage: erp.Cancelled, Header: true}},
		"cancelled by a person": {held: Held{Stage: erp.Cancelled}, differs: true,
			want: Change{Stage: erp.Cancelled, Header: true, Replace: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.held.Amounts, tt.held.Given, tt.held.Moved = "sold spread", "sold spread", tt.moved
			if tt.differs {
				tt.held.Given = "other spread"
			}
			got, refused := Follow(tt.held, &erp.Order{Cancelled: tt.cancelled, Edits: tt.edits})
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

func TestALockedOrderShowsBothSums(t *testing.T) {
	held := Held{Stage: erp.Confirmed, Invoiced: true, Amounts: "a b", Given: "c d", Total: dec("10.50"), Currency: "EUR"}
	_, refused := Follow(held, &erp.Order{Total: dec("12"), Currency: "USD"})
	require.Contains(t, refused.Reason, "10.5 EUR")
	require.Contains(t, refused.Reason, "12 USD")

	for _, c := range []struct {
		held Held
		want string
	}{{Held{Invoiced: true}, "invoiced"}, {Held{Invoiced: true, Delivered: true}, "shipped"}} {
		_, refused := Follow(c.held, &erp.Order{Cancelled: true})
		require.Contains(t, refused.Reason, "it is "+c.want+" already")
	}
}

func TestLand(t *testing.T) {
	require.Equal(t, Change{Stage: erp.Quotation, Header: true, Replace: true}, Land(&erp.Order{}))
	require.Equal(t, Change{Stage: erp.Cancelled, ByStore: true, Header: true, Replace: true}, Land(&erp.Order{Cancelled: true}))
}

func TestSetAsideAt(t *testing.T) {
	placed := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	require.Equal(t, placed, setAsideAt(&erp.Order{Date: placed}))
	require.Equal(t, placed.Add(time.Hour), setAsideAt(&erp.Order{Date: placed, PaidAt: placed.Add(time.Hour), Gateway: "stripe"}))
	for _, gateway := range []string{"bacs", "cheque", "cod"} {
		require.Equal(t, placed, setAsideAt(&erp.Order{Date: placed, PaidAt: placed.Add(time.Hour), Gateway: gateway}), gateway)
	}
}

func TestLeftOut(t *testing.T) {
	placed, changed := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		reserved, aside, want string
		since                 time.Time
	}{
		"set aside":                  {"3", "2", "2", placed},
		"given back":                 {"-3", "-2", "-2", changed},
		"written off and delivered":  {"0", "-2", "0", time.Time{}},
		"reserved, but not by store": {"2", "0", "0", time.Time{}},
		"kept less, set aside more":  {"-1", "1", "0", time.Time{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			quantity, since := LeftOut(&erp.Order{Date: placed, ChangedAt: changed}, dec(tt.reserved), dec(tt.aside))
			require.Equal(t, tt.want, quantity.String())
			require.Equal(t, tt.since, since)
		})
	}
	quantity, _ := LeftOut(&erp.Order{Date: placed}, dec("-2"), dec("-2"))
	require.Equal(t, "0", quantity.String(), "when the order changed is not known")
}

// An order that is dated after it was read was dated by a clock that was put right since.
func TestLeftOutOfAnOrderFromTheFuture(t *testing.T) {
	placed := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for readAfter, want := range map[time.Duration]time.Time{-2 * time.Hour: {}, 0: placed, time.Minute: placed} {
		o := &erp.Order{Date: placed, ChangedAt: placed, ReadAt: placed.Add(readAfter)}
		for _, change := range []string{"2", "-2"} {
			quantity, since := LeftOut(o, dec(change), dec(change))
			require.Equal(t, change, quantity.String())
			require.Equal(t, want, since, "read %s after it was placed", readAfter)
		}
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestAmounts(t *testing.T) {
	order := func(change func(*erp.Order)) string {
		o := erp.Order{Currency: "EUR", Total: dec("10.00"), Lines: []erp.OrderLine{{ID: "1", Quantity: dec("1"), Total: dec("10")}},
			Taxes: []erp.OrderTax{{Rate: dec("19"), Label: "MwSt", Amount: dec("1.6")}}}
		change(&o)
		text, err := Amounts(&o)
		require.NoError(t, err)
		return text
	}
	held := order(func(*erp.Order) {})
	parts := func(text string) []string { return strings.Split(text, " ") }
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
		"spread over the lines": func(o *erp.Order) { o.Lines[0].Total = dec("9.99") },
		"a line of rounding":    func(o *erp.Order) { o.Lines = append(o.Lines, erp.OrderLine{ID: "r", Kind: erp.RoundingLine}) },
		"the record of a tax":   func(o *erp.Order) { o.Taxes[0].Tax = erp.Key{Instance: "a", Entity: "tax", ID: "2"} },
		"the label of a tax":    func(o *erp.Order) { o.Taxes[0].Label = "VAT" },
	} {
		require.Equal(t, parts(held)[0], parts(order(change))[0], name)
		require.NotEqual(t, parts(held)[1], parts(order(change))[1], name)
	}
	for name, change := range map[string]func(*erp.Order){
		"currency": func(o *erp.Order) { o.Currency = "USD" },
		"total":    func(o *erp.Order) { o.Total = dec("10.01") },
		"quantity": func(o *erp.Order) { o.Lines[0].Quantity = dec("2") },
		"product":  func(o *erp.Order) { o.Lines[0].Product.ID = "2" },
		"tax":      func(o *erp.Order) { o.Taxes[0].Amount = dec("1") },
		"rate":     func(o *erp.Order) { o.Taxes[0].Rate = dec("7") },
	} {
		require.NotEqual(t, parts(held)[0], parts(order(change))[0], name)
	}
}

// An order that is invoiced follows the store in how its total is spread, and what was landed by a version before knows
// its total only.
func TestALockedOrderIsHeldToWhatWasSold(t *testing.T) {
	given := &erp.Order{Currency: "EUR", Total: dec("10")}
	for name, c := range map[string]struct {
		held   Held
		locked bool
	}{
		"spread otherwise":      {Held{Amounts: "a b", Given: "a c"}, false},
		"sold otherwise":        {Held{Amounts: "a b", Given: "c b"}, true},
		"before, same total":    {Held{Amounts: "b", Given: "a c"}, false},
		"before, another total": {Held{Amounts: "b", Given: "a c", Total: dec("11")}, true},
	} {
		c.held.Invoiced, c.held.Currency = true, "EUR"
		if c.held.Total.IsZero() {
			c.held.Total = dec("10.00")
		}
		_, refused := Follow(c.held, given)
		require.Equal(t, c.locked, refused != nil, name)
	}
}

func TestOrdersOfVersionsBeforeAreToldApart(t *testing.T) {
	amounts, err := Amounts(&erp.Order{})
	require.NoError(t, err)
	require.True(t, InCoins(amounts))
	before, _, _ := strings.Cut(amounts, " ")
	require.False(t, InCoins(before))
	require.False(t, InCoins(""), "an adopted order")
}

// TestLockedOrdersSayWhatToDo: what is added to an order after it was invoiced and paid has no place there (N41).
func TestLockedOrdersSayWhatToDo(t *testing.T) {
	for name, c := range map[string]struct{ currency, total, want string }{
		"an item added after payment": {"EUR", "30", "invoice and collect the 10 EUR more by hand"},
		"an item taken off":           {"EUR", "15.5", "credit and give back the 4.5 EUR less by hand"},
		"another currency":            {"USD", "30", "correct it by hand"},
	} {
		t.Run(name, func(t *testing.T) {
			held := Held{Stage: erp.Confirmed, Invoiced: true, Amounts: "before", Given: "after", Total: decimal.RequireFromString("20"), Currency: "EUR"}
			_, refused := Follow(held, &erp.Order{Total: decimal.RequireFromString(c.total), Currency: c.currency})
			require.NotNil(t, refused)
			require.Equal(t, "order_locked", refused.Code)
			require.Contains(t, refused.Reason, c.want)
		})
	}
}
